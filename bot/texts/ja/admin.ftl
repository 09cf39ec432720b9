# モデレーターへの案内と、モデレーターの設定による拒否。

admin-description = このサーバーのクリップを管理します。
admin-more = ほか { $count } 件

admin-refused-rights = これには「サーバー管理」の権限が必要です。
admin-refused-blocked = このサーバーのモデレーターにブロックされているため、ここではクリップを作れません。
admin-refused-channel = このチャンネルではクリップを作れません。こちらで頼んでください：{ $channels }
admin-refused-paused = このサーバーではモデレーターがボットを一時停止しています。待機中のクリップの順番はそのままです。しばらくしてからもう一度お試しください。

admin-waits-paused = このサーバーのモデレーターにより**一時停止中**です。クリップの順番はそのままです。

admin-pause-description = このサーバーのクリップを一時停止します（待機中の順番はそのまま）。
admin-pause-done = { $waiting ->
    [0] /admin resume までこのサーバーで一時停止します。待機中のクリップはありません。
   *[other] /admin resume までこのサーバーで一時停止します。待機中の { $waiting } 本の順番はそのままです。レンダリング中のクリップは最後まで作ります。
}
admin-resume-description = このサーバーのクリップを再開します。
admin-resume-done = { $waiting ->
    [0] このサーバーで再びリクエストを受け付けます。待機中のクリップはありません。
   *[other] このサーバーで再開します。{ $waiting } 本が待機中です。
}

admin-clear-description = このサーバーの待機中のクリップをすべてキャンセルします。
admin-clear-none = このサーバーに待機中のクリップはありません。
admin-clear-ask = このサーバーで { $waiting } 本のクリップが待機中です。すべてキャンセルしますか？ メンバーの利用枠は戻ります。
admin-clear-button = { $waiting } 本をキャンセル
admin-clear-done = { $cancelled ->
    [0] 待機中のクリップはもうありませんでした。
   *[other] { $cancelled } 本のクリップをキャンセルし、利用枠を戻しました。
}

admin-block-description = このサーバーでメンバーのリクエストを受け付けないようにします。
admin-block-member = ブロックする相手
admin-block-done = { $cancelled ->
    [0] { $member } はこのサーバーでクリップを作れなくなりました。
   *[other] { $member } はこのサーバーでクリップを作れなくなりました。待機中の { $cancelled } 本をキャンセルしました。
}
admin-unblock-description = ブロックしたメンバーのリクエストを再び受け付けます。
admin-unblock-member = ブロックを解除する相手
admin-unblock-done = { $member } はこのサーバーで再びクリップを作れます。
admin-unblock-not = { $member } はこのサーバーでブロックされていません。
admin-blocked-description = このサーバーでブロック中のメンバーを表示します。
admin-blocked-list = このサーバーでブロック中：{ $members }
admin-blocked-none = このサーバーでブロック中のメンバーはいません。

admin-channels-description = このサーバーでクリップを作れるチャンネル。
admin-channels-add-description = 一覧のチャンネルだけでクリップを作ります（このチャンネルを追加）。
admin-channels-add-channel = チャンネル（スレッドを含む）、またはカテゴリー（中のすべてのチャンネル）
admin-channels-remove-description = チャンネルを一覧から外します。
admin-channels-remove-channel = 一覧にあるチャンネル
admin-channels-show-description = クリップを作れるチャンネルを表示します。
admin-channels-list = クリップを作れるのは次のチャンネルだけです：{ $channels }
admin-channels-all = このサーバーのすべてのチャンネルでクリップを作れます。
admin-channels-not = そのチャンネルは一覧にありません。候補から選んでください。

admin-words-description = このサーバーのプロンプトで禁止する言葉。
admin-words-add-description = これらの言葉を含むプロンプトを拒否します。
admin-words-add-words = 言葉や語句（カンマ区切り）
admin-words-remove-description = 言葉を再び許可します。
admin-words-remove-word = 禁止中の言葉
admin-words-show-description = 禁止中の言葉を表示します。
admin-words-added = { $count ->
    [0] これらの言葉はすでに一覧にあります。
   *[other] { $count } 件の言葉を一覧に加えました。これらを含むプロンプトは拒否されます。
}
admin-words-edit-description = 禁止中の言葉の一覧全体をフォームで編集します。
admin-words-edit-title = 禁止中の言葉
admin-words-edit-label = 1 行に 1 つの言葉または語句
admin-words-edit-part = 1 行に 1 つ（{ $parts } つのうち { $number } つ目）
admin-words-too-many-for-a-form = 一覧が長すぎてフォームに入りません。/admin words add と /admin words remove を使ってください。/admin words show は全体をファイルで送ります。
admin-words-changed-meanwhile = フォームを開いている間に一覧が変更されたため、保存していません。書いた内容はファイルにあります。フォームをもう一度開いてください。
admin-words-saved = { $count ->
    [0] 保存しました。一覧は空です（追加 { $added } 件、削除 { $removed } 件）。
   *[other] 保存しました。一覧は { $count } 件です（追加 { $added } 件、削除 { $removed } 件）。
}
admin-words-too-many = 一覧に入れられるのは { $most } 件までです。変更は保存されていません。
admin-words-too-long = 「{ $word }」は { $longest } 文字を超えています。変更は保存されていません。
admin-words-no-letters = 「{ $word }」には文字も数字もないため、検索できません。変更は保存されていません。
admin-words-removed = 「{ $word }」を再び許可しました。
admin-words-not = 「{ $word }」は一覧にありません。
admin-words-none = このサーバー独自の禁止語はありません。
admin-words-list = 禁止中の言葉 { $count } 件：{ $words }
admin-words-file = 禁止中の言葉 { $count } 件をすべてファイルに入れました。

admin-quota-description = このサーバーのメンバーが使える上限。
admin-quota-set-description = サーバー・ロール・メンバーの上限を決めます。
admin-quota-who = メンバーかロール（省略するとサーバー全体）
admin-quota-clips = メンバーごとの 1 日のクリップ数
admin-quota-at-once = メンバーごとの同時に進められるクリップ数
admin-quota-gpu-seconds = 1 日の GPU 秒数（サーバー全体のみ）
admin-quota-remove-description = サーバー・ロール・メンバーの上限を取り消します。
admin-quota-show-description = このサーバーの上限をすべて表示します。
admin-quota-nothing = clips、at_once、gpu_seconds のどれかを指定してください。
admin-quota-gpu-is-the-servers = GPU 秒数はサーバー全体で共有します。決めるときは「who」を空にしてください。
admin-quota-done = 設定しました。{ $rule }
admin-quota-removed = 取り消しました。現在の上限：
    { $rules }
admin-quota-standard = **{ $rules ->
    [0] 全員
   *[other] そのほかの全員
}**：{ admin-quota-clips-a-day } · { admin-quota-active }
admin-quota-rule = **{ $who }**：{ $limits }
admin-quota-server = このサーバー
admin-quota-clips-a-day = 1 日 { $clips } 本
admin-quota-active = 同時に { $active } 本
admin-quota-seconds-a-day = 1 日 { $seconds } GPU 秒

admin-stats-description = このサーバーのクリップの状況：件数、待ち時間、失敗。
admin-stats-gpu = 今日の GPU 時間（UTC）：使用 { $used } 秒、予約 { $reserved } 秒
admin-stats-gpu-of = 今日の GPU 時間（UTC）：使用 { $used } 秒、予約 { $reserved } 秒、上限 { $limit } 秒
admin-stats-days = { $days ->
    [1] **過去 24 時間**
   *[other] **過去 { $days } 日間**
}
admin-stats-jobs = 投稿済み { $delivered } · 投稿不可 { $undeliverable } · 失敗 { $failed } · キャンセル { $cancelled } · 待機中 { $queued } · レンダリング中 { $running } · 投稿待ち { $rendered }
admin-stats-wait = レンダリング開始までの待ち時間：半数は { NUMBER($p50, maximumFractionDigits: 1) } 秒以内、95 % は { NUMBER($p95, maximumFractionDigits: 1) } 秒以内
admin-stats-render = レンダリング：半数は { NUMBER($p50, maximumFractionDigits: 1) } 秒以内、95 % は { NUMBER($p95, maximumFractionDigits: 1) } 秒以内
admin-stats-failure = { $times } × { $reason }
admin-stats-refused = 拒否したプロンプト：成人向け { $adult } · 未成年 { $minors } · 禁止語 { $server }
