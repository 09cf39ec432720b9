# 画像を動かす。

animate-title = この画像を動かす
animate-prompt = クリップに映すもの
animate-placeholder = 雪の中のきつね
animate-motion = 画面の動き方
animate-quality = 品質
animate-no-picture = そのメッセージには画像がありません。PNG、JPEG、WebP、GIF を読み込めます。
animate-restarted = フォームを開いている間に再起動しました。画像のメッセージからもう一度開いてください。
