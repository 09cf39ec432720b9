# /privacy。

privacy-description = あなたについて保存している情報のコピーを受け取るか、削除します。
privacy-export-description = あなたについて保存している情報をすべて 1 つのファイルで受け取ります。
privacy-delete-description = あなたについて保存している情報をすべて削除します。

privacy-exported = これがあなたについて保存している情報のすべてです。{ $clips ->
    [0] クリップは入っていません。
   *[other] クリップ { $clips } 本が入っています。
}
privacy-left-out = 古いファイル（クリップや画像）{ $files } 件は、ここで送れる大きさを超えるため入っていません。クリップは /history で見られます。

privacy-question =
    ### すべて削除しますか？
    あなたの{ $clips ->
        [0] 画像
       *[other] クリップ { $clips } 本、画像
    }、履歴、設定を削除{ $unfinished ->
        [0] します（作成中のクリップはありません）
       *[other] し、作成中のクリップ { $unfinished } 本をキャンセルします
    }。元に戻すことはできません。
privacy-what-stays = **残るもの：** 今日使ったクリップの本数（名前なし、UTC の午前 0 時まで）、サーバーのモデレーターがあなたに設定したブロックと上限、ほかの人があなたのクリップから作ったクリップ。
privacy-your-messages = **メッセージ：** { $messages ->
        [0] チャンネルにあなたのクリップのメッセージはありません。
       *[other] チャンネルにあなたのクリップのメッセージが { $messages } 件あります。
    } 削除すると、どれがあなたのものか分からなくなり、モデレーターにしか消せなくなります。
privacy-delete-button = すべて削除
privacy-delete-with-messages-button = メッセージも含めてすべて削除

privacy-deleted = ✅ { $clips ->
    [0] 画像
   *[other] クリップ { $clips } 本
}、履歴、設定を削除しました。{ $cancelled ->
    [0] 作成中のクリップはありませんでした。
   *[other] 作成中のクリップ { $cancelled } 本をキャンセルしました。
}
privacy-messages-removed = メッセージ { $messages } 件を、1 秒に 1 件ほどの速さで削除しています。書き込めなくなった場所では残ります。
privacy-messages-kept = メッセージ { $messages } 件はチャンネルに残ります。
privacy-stays = 今日使ったクリップの本数は、UTC の午前 0 時まで数えられます。
