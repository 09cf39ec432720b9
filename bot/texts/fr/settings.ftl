# /settings.

settings-description = Tes réglages, ceux du serveur et la langue.
settings-me-description = Comment sont tes clips quand tu ne précises rien, et la langue dans laquelle je te parle.
settings-server-description = Comment sont les clips de ce serveur quand rien n’est précisé, et sa langue.
settings-title-me =
    ### Tes réglages
    Ils valent pour tout ce que tu ne précises pas dans /video. Ce que tu laisses ouvert suit le serveur.
settings-title-server =
    ### Les réglages de ce serveur
    Ils valent pour les membres qui ne précisent rien. La langue est celle des messages que tout le monde lit.

settings-name-negative = Jamais montré
settings-name-length = Durée
settings-name-motion = Mouvement
settings-name-style = Style
settings-name-quality = Qualité
settings-name-shape = Format
settings-name-loop = Boucle
settings-name-private = Privé
settings-name-language = Langue
# Le nom que cette langue se donne.
settings-language-name = Français

settings-value = { $name } : { $value }
settings-more = Plus … (page { $page } sur { $pages })
settings-open = non défini
settings-yes = oui
settings-no = non
settings-from-own = défini ici
settings-from-server = comme sur le serveur
settings-from-usual = par défaut
settings-from-discord = comme dans Discord

settings-change = Modifier
settings-reset = Tout réinitialiser
settings-negative-label = À ne jamais montrer ; vide : rien
settings-no-server = Les réglages de serveur n’existent que sur les serveurs. Les tiens sont dans /settings me.
settings-not-allowed = Seuls les membres qui peuvent gérer ce serveur peuvent changer ses réglages.
