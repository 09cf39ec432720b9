# /history：メンバーのクリップ。

history-description = あなたのクリップを新しい順に表示します。
history-words = プロンプトにこれらの言葉がすべて含まれるクリップだけ
history-title = ### あなたのクリップ
history-title-with = ### 「{ $words }」を含むクリップ
history-none = まだクリップがありません。/video を試してみてください。
history-none-with = 「{ $words }」を含むクリップはありません。
history-facts = シード値 { $seed } · { count-frames } · { $when }
history-message = メッセージ
history-newest = 最新
history-older = さらに前
