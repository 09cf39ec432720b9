# クリップの下のボタン、レシピ、削除。

clip-button-cancel = キャンセル
clip-button-cancel-here = キャンセル
clip-button-look-again = 更新
clip-button-again = もう一度
clip-button-reroll = 別バージョン
clip-button-edit = 編集
clip-button-extend = 長く
clip-button-shorter = 短く
clip-button-smoother = なめらかに
clip-button-larger = 大きく
clip-button-recipe = レシピ
clip-button-show = 表示
clip-button-delete = 削除

clip-gone = このクリップは削除されたか、もう記録がありません。/video で新しく作ってください。
clip-is-longest = このクリップは、ここで作れる最大の長さ（{ count-frames }）です。
clip-is-shortest = クリップはこれ以上短くできません（{ count-frames }）。
clip-is-smoothest = このクリップはこれ以上なめらかになりません（毎秒 { $fps } フレーム）。
clip-is-largest = このクリップはこれ以上大きくできません（{ $size } ピクセル）。

clip-not-yours = このクリップを削除できるのは、頼んだ本人と、投稿されたチャンネルのモデレーターだけです。
clip-not-posted = このクリップはまだ投稿されていません。待機中・レンダリング中なら /cancel でキャンセルできます。
clip-delete-question = クリップ { $job } を完全に削除しますか？ メッセージ、ファイル、レシピが消えます。利用枠は戻りません。
clip-delete-sure = 完全に削除
clip-deleted = クリップ { $job } を削除しました。
clip-deleted-but-shown = クリップ { $job } は削除しましたが、Discord にメッセージが残っています。手動で削除してください。

clip-no-clip-here = このメッセージに私のクリップはありません。私がクリップを投稿したメッセージを選んでください。
clip-recipe-menu = レシピ
clip-recipe-title = クリップ { $job } のレシピ
clip-recipe-negative = 含めないもの：{ $text }
clip-recipe-seed = シード値：{ $seed }
clip-recipe-length = 長さ：{ $seconds } 秒、{ count-frames }、毎秒 { $fps } フレーム
clip-recipe-size = サイズ：{ $size } ピクセル
clip-recipe-motion = 動き：{ $motion }
clip-recipe-drawing = 描画：{ count-steps }（{ $sampler }）、ガイダンス { $guidance }
clip-recipe-style = スタイル：{ $style }

clip-edit-title = レシピを編集
clip-edit-prompt = プロンプト
clip-edit-negative = 含めないもの
clip-edit-seed = シード値
clip-edit-seed-hint = 空にすると別の絵になります
clip-edit-quality = 品質
clip-edit-motion = 動き
clip-edit-as-it-is = 今のまま
clip-edit-no-seed = シード値は 0 から { $most } までの整数です。空にすると別の絵になります。
