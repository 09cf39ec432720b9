# うまくいかないこと。「error-」の後はエラーのコード。

error-quota = 今日の { $limit } 本はすべて使用中です（完成 { $used } 本、作成中 { $reserved } 本）。新しい枠は { $resets } に使えます。待機中のクリップは /cancel でキャンセルできます。
error-budget = このサーバーの今日の GPU 時間が足りません。このクリップには約 { $needed } 秒必要ですが、{ $limit } 秒のうち残りは { $left } 秒です。{ $resets } に回復します。短いクリップや下書きなら少なく済みます。
error-too-many = すでに { $active } 本のクリップが進行中です（最大 { $limit } 本）。/queue をご覧ください。
error-duplicate = それはすでにクリップ { $job } として進行中です。/queue をご覧ください。
error-not-allowed = ここではその操作はできません。
error-option = オプションの一つを読み取れませんでした。もう一度選んでください。
error-unforeseen-here = こちらで問題が起きました。運営者のログに記録されています。利用枠は消費されていません。
error-discord = Discord が返事を受け付けませんでした。それでも実行された内容は /queue と /history で確認できます。何も実行されていなければ、もう一度お試しください。

error-unforeseen = こちらで問題が起きました（{ $kind }）。運営者のログに記録されています。
error-given-up = { $attempts } 回試しましたが、そのたびにプログラムが停止しました。
error-message-closed = メッセージがなくなったか、編集できなくなりました。
error-clip-too-large = ファイルが、ここで Discord に送れる大きさを超えています。
error-clip-does-not-fit = 最低の画質でも、ここで Discord に送れる大きさを超えます。短いクリップをお試しください。
error-clip-gone = ファイルがなくなりました。
error-encode = 動画ファイルを書き込めませんでした。詳しくは運営者のログにあります。
error-out-of-memory = この大きさにはグラフィックボードのメモリが足りません。小さくしてお試しください。
error-no-picture = チェックポイントが何も描けませんでした。詳しくは運営者のログにあります。
error-checkpoint = チェックポイントを読み込めません。理由は運営者のログにあります。
error-checkpoint-missing = { $name } にチェックポイントがありません。
error-unsuitable = 成人向けの内容になったため、年齢制限チャンネル以外では表示できません。

error-prompt-empty = プロンプトが空です。クリップの内容を書いてください。
error-prompt-characters = プロンプトに表示できない文字が含まれています。入力し直してください。
error-prompt-sides = { $then } の前か後が空です。両側にプロンプトを書いてください。
error-prompts-need-frames = { $prompts } 個のプロンプトには同じ数以上のフレームが必要です（現在 { $frames }）。長いクリップをお試しください。
error-text-too-long = 文章が長すぎます。最大 { $most } 文字です。
error-value-too-large = { $field } は最大 { $most } です。
error-value-too-small = { $field } は最小 { $least } です。
error-most-frames = ここではクリップは最大 { $most } フレームです。短いクリップをお試しください。
error-most-steps = ここでは最大 { $most } ステップです。低い品質を選んでください。
error-frame-rate = 毎秒 { $rate } フレームは多すぎます。この形式は最大 { $most } フレームです。
error-upscale-side = { $side } ピクセルは 2 倍に拡大するには大きすぎます。最大 { $most } ピクセルです。
error-size = このチェックポイントは { $size } では描けません。最も近い大きさは { $nearest }（{ $cell } の倍数）です。
error-style = スタイル「{ $style }」はありません。次から選んでください：{ $choices }。
error-no-styles = スタイル「{ $style }」はありません。ここで使えるスタイルはありません。
error-style-broken = スタイル「{ $style }」は現在使えません。理由は運営者のログにあります。
error-picture-unreadable = 画像ではないか、壊れています。PNG、JPEG、WebP、GIF を読めます。
error-picture-too-large = 画像が大きすぎます。{ $mib } MiB、一辺 { $side } ピクセル、{ $megapixels } メガピクセルまで読めます。
error-picture-missing = このクリップの最初の画像がもうありません。もう一度指定してください。
