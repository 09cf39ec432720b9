# クリップを投稿できる場所と、最初の画像。

place-missing = ここではクリップを投稿できません。モデレーターに次の権限をお願いしてください：{ $permissions }
place-view-channel = チャンネルを見る
place-connect = 接続
place-send-messages = メッセージを送信
place-send-messages-in-threads = スレッドでメッセージを送信
place-embed-links = 埋め込みリンク
place-attach-files = ファイルを添付
place-dms-closed = あなたの DM に送れず、待ち時間は Discord がここで返信を許す 15 分を超えています。このサーバーからの DM を許可するか、あとでもう一度お試しください。

upload-no-picture = そのファイルは読み込める画像ではありません。PNG、JPEG、WebP、GIF を使えます。
upload-too-large = その画像は大きすぎます。{ $most } MiB までです。
upload-unreadable = 今は Discord からその画像を受け取れません。もう一度お試しください。
