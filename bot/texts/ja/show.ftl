# /show：クリップをもう一度表示。

show-description = クリップをもう一度表示します（自分のもの、またはこのサーバーのもの）。
show-id = クリップの番号。自分のクリップが候補に出ます
show-none = ここで表示できるクリップ { $job } はありません。自分のクリップは /history にあります。
show-unfinished = クリップ { $job } はまだできていません。/queue をご覧ください。
show-failed = クリップ { $job } は失敗したかキャンセルされたため、ありません。
show-adult = このクリップは年齢制限チャンネルで作られたため、年齢制限チャンネルでのみ表示されます。
show-file-gone = クリップ { $job } のファイルはもう残っていません。/history の「もう一度」で同じクリップを作り直せます。
show-too-large = クリップ { $job } は { $size } MiB ですが、ここで Discord が受け付けるのは { $limit } MiB までです。短くすると収まるかもしれません。
