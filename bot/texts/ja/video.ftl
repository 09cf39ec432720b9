# /video：クリップを頼む。

video-description = 文章から短い動画を作ります。
video-prompt = クリップに映すもの。例：青い背景の赤いりんご
video-negative = 映してほしくないもの
video-length-option = 再生時間。長いほど作るのに時間がかかります
video-motion = 画面の動き方
video-style = スタイル
video-quality = 下書きは速く、最高品質は通常よりずっと時間がかかります
video-shape = 正方形・縦長・横長
video-loop = 始まりと同じ場面で終わり、なめらかに繰り返せます
video-seed = シード値とプロンプトが同じなら同じクリップになります
video-first-picture = 最初の画像（PNG、JPEG、WebP、GIF）
video-private = クリップをあなたの DM に送ります。ほかの人には見えません

video-length = { $seconds } 秒（{ count-frames }）
video-style-none = スタイルなし

video-motion-static = 静止
video-motion-right = 右へ
video-motion-left = 左へ
video-motion-down = 下へ
video-motion-up = 上へ
video-motion-up-right = 右上へ
video-motion-up-left = 左上へ
video-motion-down-right = 右下へ
video-motion-down-left = 左下へ
video-motion-zoom-in = ズームイン
video-motion-zoom-out = ズームアウト
video-motion-rotate-clockwise = 時計回り
video-motion-rotate-counterclockwise = 反時計回り

video-quality-draft = 下書き
video-quality-balanced = 標準
video-quality-best = 最高

video-shape-square = 正方形
video-shape-portrait = 縦長
video-shape-landscape = 横長

video-in-dms = 🔒 あなただけのクリップです。[DM]({ $link })に届きます。
video-picture-gone = このクリップの最初の画像はもう保存されていません。/video に画像を付けて、もう一度頼んでください。
