# プロンプトの言葉と、チェックポイントが描けるもの。

remark-quoted = 「{ $word }」
remark-did-you-mean = { $word }はわかりません。{ $known }のことですか？
remark-ignored = 無視した言葉：{ $words }。
remark-unknown = { $words }はわかりません。
remark-nothing = プロンプトに、私に描けるものがありません。
remark-count = { $objects } 種類のものと { $backgrounds } 種類の背景
remark-try-help = { $count }を描けます。一覧は /help で見られます。利用枠は消費されていません。
