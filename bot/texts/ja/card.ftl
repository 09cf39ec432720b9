# クリップのメッセージ。キューに入ってから終わりまで。

card-queued = **待機中** · { $position ->
    [1] 次の番です
   *[other] { $position } 番目
} · 完成まで{ $wait }
card-loading = **待機中** · スタイルを読み込んでいます。その間、ほかのクリップをレンダリングします
card-rendering = **レンダリング中** · ステップ { $step } / { $steps }
card-left = 残り{ $duration }
card-recipe = シード値 { $seed } · { count-frames } · { count-steps }
card-cancelled = **キャンセルしました。**
card-failed = **このクリップは作れませんでした。** { $reason }
    利用枠は消費されません。
card-undeliverable = **クリップはできましたが、ここには投稿できません。** { $reason }
card-mention = { $member } さん、クリップができました。

# ボタン
card-try-again = 再試行
