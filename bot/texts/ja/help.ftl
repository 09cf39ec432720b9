# /help。

help-description = 描けるもの、例、すべてのコマンド。
help-introduction =
    ### Flipbook
    文章から短い動画を作ります。
help-for-example = **例**
# Shown as far as the checkpoint knows their words; one a line.
help-examples =
    雪の中のきつね
    夜空のロケット
    草原のパンダ
help-commands = **コマンド**
help-menus = メッセージのメニュー（右クリックまたは長押し →「アプリ」）：{ $names }
help-anything = 何でも頼んでください。このチェックポイントは、描けるものを示していません。
help-can-draw = { $count }を描けます。
# The kinds of things that a checkpoint may name.
help-group = { $tag ->
    [animal] 動物
    [celebration] お祝い
    [clothing] 服
    [face] 顔
    [food] 食べ物
    [fruit] 果物
    [hot] 熱いもの
    [nature] 自然
    [plant] 植物
    [sport] スポーツ
    [sweet] お菓子
    [travel] 旅行
    [vehicle] 乗り物
   *[other] { $tag }
}：
help-on = 背景：
help-rest = そのほか：
help-also-in = 次の色も可（{ $colours }）：
help-back = 戻る
help-list = 描けるもの
help-more = 次へ
