"""What a checkpoint can draw and in which words it is asked for; loads no torch.

`Vocabulary.read` finds the things that a prompt names and the words that are unknown, `Completer` continues a
prompt that is being typed, `plain_prompt` cleans a text and `prompts_of` takes several prompts in it apart. An empty
vocabulary says nothing of its checkpoint: no word is unknown to it.
"""

from .completion import Completer
from .plain import plain_prompt
from .prompts import THEN, prompts_of, scene_of
from .text import LANGUAGES
from .things import Found, Thing
from .vocabulary import Reading, Unknown, Vocabulary

__all__ = [
    "LANGUAGES",
    "THEN",
    "Completer",
    "Found",
    "Reading",
    "Thing",
    "Unknown",
    "Vocabulary",
    "plain_prompt",
    "prompts_of",
    "scene_of",
]
