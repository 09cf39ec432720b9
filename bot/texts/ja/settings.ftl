# /settings。

settings-description = 自分とサーバーの既定の設定、そして言語。
settings-me-description = 指定しなかったときの自分のクリップの設定と、あなたに話す言語です。
settings-server-description = メンバーが指定しなかったときのこのサーバーのクリップの設定と言語です。
settings-title-me =
    ### あなたの設定
    /video で省略したところに使われます。ここで決めていない項目は、サーバーの設定に従います。
settings-title-server =
    ### このサーバーの設定
    メンバーが決めていない項目に使われます。言語は、全員が読むメッセージの言語です。

settings-name-negative = 映さないもの
settings-name-length = 長さ
settings-name-motion = 動き
settings-name-style = スタイル
settings-name-quality = 品質
settings-name-shape = 形
settings-name-loop = ループ
settings-name-private = 非公開
settings-name-language = 言語
# この言語での言語名。
settings-language-name = 日本語

settings-value = { $name }：{ $value }
settings-more = さらに表示（{ $pages } ページ中 { $page } ページ目）
settings-open = 未設定
settings-yes = はい
settings-no = いいえ
settings-from-own = ここで設定しました
settings-from-server = サーバーの設定です
settings-from-usual = 標準です
settings-from-discord = Discord の設定に従います

settings-change = 変更
settings-reset = すべてリセット
settings-negative-label = クリップに映さないもの（空欄ならなし）
settings-no-server = サーバーの設定はサーバーの中でだけ使えます。自分の設定は /settings me にあります。
settings-not-allowed = このサーバーの設定を変えられるのは、サーバーを管理できるメンバーだけです。
