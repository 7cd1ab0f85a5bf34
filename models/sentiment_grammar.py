"""What turns, strengthens or holds back a word of feeling, and the signs that stand beside words.

Chinese terms are parted by spaces, English ones by commas. An absorber is a word of no feeling
that holds a character or a word which would otherwise be taken for one: 快递 holds 快, "no doubt"
holds "no". Everything here was written by hand, and taken from no existing lexicon.
"""

from __future__ import annotations

NEGATORS_ZH = """
    不 没 没有 无 别 未 勿 并不 并没有 并没 并非 非 从不 从没 从未 毫不 毫无 决不 绝不 不会 不能
    不可 不曾 不再 没什么 没有什么 没啥 没有任何 没任何 不是 不算 不够 不太 不怎么 不那么 没那么
    没有那么 没这么 没有这么 不很 不是很 不是太 不是特别 不特别 不大 谈不上 算不上 称不上 说不上
    缺乏 缺少了 哪有 哪里 何来 不像 不如 没有想象中 没想象中 没有想象的 没想象的 没有想象中那么
    不见得 未必 不咋 一点不 一点也不 一点都不 一点没 一点都没 根本不 根本没 根本没有 完全不
    完全没 完全没有 都不 也不 就不 还不 又不 都没 也没 也没有 都没有 还没有 不觉得 没觉得 没感觉
    没有感觉到 不敢说 没有发现
"""

DEGREES_ZH: dict[float, str] = {
    1.5: """
        非常 特别 极其 极 极度 超级 超 十分 万分 最 最为 巨 巨巨 贼 死 太 太过 太他妈 尤其 格外
        无比 异常 相当 绝对 完全 真心 真的很 真的太 真的非常 实在太 实在是太 简直太 简直 真是太
        也太 忒 炒鸡 灰常
        """,
    1.25: """
        很 挺 真 真的 真是 确实 的确 实在 实在是 蛮 好 够 更 更加 更为 越来越 颇 颇为 大大 倍 老
        怪 多么 那么 这么 如此 都很 也很 都挺 也挺 又 全 都
        """,
    0.8: """
        比较 较 较为 还算 还是 算 算是 总体 整体 基本 基本上 大致 相对 相对来说 还 还挺 还蛮 大体
        """,
    0.6: """
        有点 有点儿 有些 稍微 稍 稍稍 略 略微 略显 一点 一点点 些许 有一点 有一点点 多少有点 偏
        轻微
        """,
}

HEDGES_ZH = "有点 有点儿 有些 稍微 稍稍 略微 略显 有一点 有一点点 多少有点 太 太过 也太 忒 过于 偏"
"""Degree words that tell of too much or not quite: without a known word after them, a complaint."""

BUTS_ZH = """
    但 但是 可是 然而 不过 却 只不过 但就是 可就是 但总体 但整体 但总的来说 总体来说 总的来说
    总体而言 总而言之 总之 综上 整体来说
"""

QUALMS_ZH = """
    ,就是 。就是 ,只是 。只是 唯一 唯独 唯一不足 唯一缺点 唯一的缺点 美中不足 小缺点 小瑕疵
"""
"""What opens the one small reserve of a content customer: "质量不错，就是慢了点"."""

CONCESSIONS_ZH = "虽然 虽说 虽 尽管 即使 即便 固然 哪怕 就算"

UNREAL_ZH = """
    希望 但愿 盼望 期望 要是 如果 假如 若 若是 倘若 本以为 以为 原以为 还以为 本来以为 本来想
    原本以为 号称 宣称 声称 自称 据说 听说 所谓 所谓的 吹得 说得 宣传得 应该是 看评论 看评价
    看了评论 看了评价 冲着 本想 原本 本来 看着 看起来 说好 不知道 不知 不清楚是 想要 想买 需要
    是否 是不是 能不能 会不会
"""

ASPECTS_ZH: dict[str, str] = {
    "price": "价格 价钱 价位 售价 房价 定价 单价 要价 收费 费用 运费 邮费 物价 房费 价",
    "value": """
        性价比 质量 品质 效率 分辨率 像素 清晰度 水准 水平 档次 素质 配置 灵敏度 颜值 信誉 含量
        """,
    "speed": """
        速度 物流 快递 发货 送货 到货 反应 开机 运行 网速 上网 发热量 加热 配送 充电 出热水 响应
        升温 派送 处理 系统
        """,
    "room": "房间 屏幕 空间 床 卫生间 浴室 大堂 内存 容量 停车场 窗户 电视 浴缸 视野",
    "size": """
        个头 果子 苹果 个子 尺码 尺寸 码数 衣服 裤子 裙子 鞋子 裤腿 袖子 腰 领口 肩膀 果实 橙子
        橘子 字 字体 鞋 码
        """,
    "harm": """
        噪音 噪声 声音 味道 气味 味儿 异味 味 色差 阻力 动静 杂音 风扇声 酸味 烟味 药味 香精味
        辐射
        """,
    "heat": "热量 温度 发热 机身温度",
    "cloth": "面料 布料 料子 材质 质地 纸张 纸质 纸 塑料 外壳 被子 毛衣 包装 盒子 箱子 果肉 皮",
    "last": "待机 待机时间 续航 续航时间 电池 保质期 寿命 使用时间 使用寿命 时间",
    "amount": """
        泡沫 水分 水份 汁水 汁 优惠 赠品 功能 品种 种类 内容 分量 份量 量 营养 干货 花样 菜品
        选择 早餐品种 干果
        """,
    "fault": """
        问题 毛病 缺点 线头 划痕 头皮屑 头屑 错别字 广告 垃圾 灰尘 虫 蚊子 套路 坏果 烂果 软件
        废话 错误 bug
        """,
}
"""What is judged by a measure, by the sense in which it is: a high price is not a high quality."""

MEASURES_ZH: dict[str, dict[str, float]] = {
    "高": {"price": -2.0, "value": 2.5, "harm": -2.0, "heat": -2.0, "": 0.5},
    "低": {"price": 1.5, "value": -2.0, "harm": 1.5, "heat": 1.5, "": -0.7},
    "快": {"speed": 2.5, "heat": -1.0, "last": -1.0, "": 1.5},
    "慢": {"speed": -2.5, "": -2.0},
    "大": {"room": 2.0, "size": 1.0, "harm": -2.0, "heat": -2.0, "fault": -2.0, "": 0.5},
    "小": {"room": -2.0, "size": -2.0, "harm": 1.5, "heat": 1.5, "amount": -1.5, "": -1.0},
    "多": {"amount": 1.5, "fault": -2.5, "harm": -1.0, "": 0.3},
    "少": {"amount": -2.0, "fault": 1.5, "harm": 1.0, "": -1.0},
    "长": {"last": 2.0, "size": -0.7, "": -0.4},
    "短": {"last": -2.5, "size": -1.0, "": -1.0},
    "久": {"last": 1.5, "": -0.7},
    "重": {"harm": -2.0, "": -1.0},
    "轻": {"harm": 1.0, "": 1.0},
    "薄": {"cloth": -2.0, "": -1.0},
    "厚": {"cloth": 1.2, "": 0.5},
    "硬": {"cloth": -1.5, "": -1.5},
    "软": {"cloth": 0.8, "": 0.5},
    "强": {"value": 2.0, "last": 2.0, "": 1.0},
    "弱": {"": -2.0},
    "紧": {"": -0.7},
    "浓": {"harm": -0.7, "": 0.7},
    "淡": {"harm": 0.0, "": -0.5},
    "贵": {"": -2.0},
    "高级": {"": 1.5},
    "便宜": {"": 2.0},
}
"""The strength of a measure by what it measures; "" is said of nothing known. It counts only where
it is said of something, or with a degree or a negation before it."""

ABSORBERS_ZH = """
    好像 好久 好几 好几个 好几天 好多 好多人 只好 刚好是 最好 最好是 你好 您好 好不容易 好的话
    好奇 好好的 爱好 好歹 好友 好坏 好不好 好了 就好 好意思 不好意思 好说 友好度 好在 好比 好汉
    好评率 好评返现 看好 看好了 要好 好几年 好家伙 好日子 说好的 好是好 问好 恰好 正好有 幸好
    美好的一天 好心人 好人卡 好奇心 好听的 做好 准备好 好莱坞 好时 快递 快递员 快递费 快递单
    快递公司 快件 快点 尽快 赶快 快要 快到 快乐 快餐 快捷酒店 快捷键 快讯 快门 快充 快来 愉快的
    慢慢 慢慢的 慢慢来 慢性 大家 大概 大约 大学 大学生 大部分 大多 大多数 大小 大人 大妈 大爷
    大叔 大姐 大哥 大厅 大堂 大楼 大厦 大门 大陆 大连 大米 大众 大型 大批 大量 大力 大声 大胆
    大战 大事 大师 大街 大海 大夫 大卫 大话 大千 大体 大致 大年 大半 大半年 大半个 多大 扩大 伟大
    长大 强大的 重大 巨大 放大 大白 大促 大牌 大床 大床房 大虾 大便 大三 大二 大一 大四 小时 小孩
    小孩子 小朋友 小区 小米 小说 小姐 小姐姐 小伙 小伙子 小店 小编 小学 小学生 小时候 小心
    小心翼翼 小妹 小弟 小哥 小吃 小票 小鬼 小人 小事 小声 小王子 小家 小宝宝 小宝 小样 小瓶 小包
    小包装 小盒 小贵 小失望 小瑕疵 不小心 从小 胆小 缩小 小菜 小巷 小镇 小米粥 小偷 小鸟 小狗
    小猫 小女孩 小男孩 小李 小张 小王 小刘 多少 许多 很多 好多 多次 多久 差不多 多了 最多 多半
    多年 多种 多个 多人 多天 多样 多样化 多谢 多么 大多 众多 诸多 更多 多多 多功能 多元 多数
    不多说 没多少 多月 多块 多钱 多余的话 至少 不少 减少 少年 少数 少女 多少年 多少次 青少年 高兴
    高考 高中 高手 高速 高跟 高铁 高度 高压 高潮 高层 高科技 提高 崇高 高人 高达 高校 身高 高峰
    高原 高血压 升高 高尔夫 低头 降低 最低 低于 低调 低糖 低脂 低保 长期 长久 长途 校长 成长 家长
    长时间 长度 长江 长城 长沙 长春 部长 院长 长长 市长 短信 短期 短时间 短袖 短裤 短裙 久久 永久
    悠久 久违 久仰 久石让 重新 重要 重复 体重 重庆 重点 重视 重量 重申 严重 重启 尊重 重逢 重心
    轻易 年轻 年轻人 轻轻 轻微 轻信 减轻 薄荷 薄膜 薄弱 单薄的 厚度 忠厚 深厚 浓厚 硬盘 硬件 硬币
    硬度 坚硬 软件 软硬 软硬件 软盘 软包 紧急 紧张 赶紧 紧密 要紧 抓紧 不要紧 紧跟 没关系 弱智
    强制 强迫 强调 勉强 坚强 加强 强加 强化 增强 强行 淡定 平淡 冷淡 暗淡 淡季 清淡 淡淡的 贵宾
    贵公司 贵店 贵州 宝贵 贵族 贵重 尊贵 珍贵 昂贵 贵姓 贵酒店 美国 美元 美的 美团 美女 美容 美术
    美金 欧美 美少女 美誉 美工 美味的 爱情 爱人 爱国 恋爱 爱因斯坦 爱心 爱奇艺 爱上网 关爱 爱美
    爱疯 优盘 优惠券 优先 优惠卷 优酷 优衣库 佳能 佳节 佳人 牛奶 蒙牛 牛仔 牛仔裤 牛肉 牛顿 奶牛
    牛排 水牛 牛年 牛人 酷派 残酷 冷酷 酷狗 酷热 香港 香蕉 香水 香皂 香菇 香烟 香格里拉 香肠 香草
    香型 香山 甜点 甜蜜 甜品 甜度 海鲜 鲜花 鲜明 朝鲜 新鲜度 鲜奶 鲜果 娇嫩 单纯 纯棉 纯属 纯粹
    纯牛奶 纯净水 价值 价值观 值班 值班经理 数值 充值 增值 保值 值钱 值此 贬值 帅哥 元帅 爽肤水
    爽约 直爽 棒球 棒棒糖 赞助 省份 省内 省会 自动化 天然气 苹果手机 苹果公司 苹果电脑 差不多
    出差 差别 差异 差点 差价 误差 时差 温差 偏差 差距 差额 相差 差旅 参差 差评师 坏境 坏人 坏蛋
    好坏 破坏 毁坏 破解 突破 破例 破费 打破 破产 破壁机 破纪录 灿烂 烂漫 烂熟 假期 假日 放假 请假
    休假 度假 度假村 假如 假设 假装 假定 假发 寒假 暑假 真假 真假难辨 不知真假 卡片 银行卡 房卡
    内存卡 信用卡 打卡 刷卡 电话卡 显卡 网卡 卡通 手机卡 卡号 卡里 会员卡 购物卡 礼品卡 卡包 卡车
    读卡器 储值卡 卡布奇诺 独立显卡 集成显卡 声卡 sim卡 卡位 卡扣 卡士 卡拉 卡尔 京东卡 e卡 次数
    一次 这次 每次 上次 下次 再次 首次 其次 层次 多次 本次 此次 次日 两次 三次 几次 依次 次要
    初次 屡次 困难 难得 难忘 难怪 难免 难道说 难题 难度 艰难 难民 难关 灾难 难说 丑小鸭 坑坑洼洼
    马蜂窝 不仅 不仅仅 不但 不光 不只 不单 不止 不管 不论 无论 无论如何 不得不 不得不说 不由
    不由得 不禁 不断 不时 不同 不久 不愧 不妨 不知不觉 忍不住 对不起 不一会 不一会儿 不一定 不用
    不用说 不用担心 不必 不必说 不多久 不要 不客气 不过如此 不知道 不然 要不 要不然 不错过
    不可缺少 不可或缺 必不可少 从不间断 不例外 不经意 不动产 不锈钢 不仅如此 不服不行 不得了
    了不得 了不起 不少人 巴不得 恨不得 不亚于 不亦乐乎 不负 不求 来不及 不到 没用过 没买过 没见过
    没试过 没吃过 没喝过 没事 没准 没收 没关系 没想过 没问过 没等 没几个 没几个人 没多想 还没用
    还没吃 还没看 还没试 还没喝 还没穿 还没装 还没安装 还没开始 还没打开 还没拆 还没看完 暂时没
    暂时没有 没来得及 还没来得及 没的 无线 无线网 无锡 无数 无意 无限 无非 无形 无从 无硅油 无糖
    无核 无籽 无意中 别人 区别 别的 级别 个别 分别 性别 识别 别墅 别致 告别 特别是 别家 别处 别样
    类别 辨别 差别 鉴别 离别 未来 未经 未知 未婚 非洲 非典 非主流 除非 非得 无非是 是非 并非如此
    勿念 死亡 生死 死者 死去 死后 死角 死心 急死 累死 笑死人 假一罚 毒品 病毒 杀毒 杀毒软件 消毒
    排毒 中毒了的 苦难 辛苦 刻苦 吃苦 痛苦 苦瓜 苦心 干净的 干部 干活 干嘛 干吗 干扰 饼干 干果
    若干 能干 干脆 骨干 干燥 吹干 晾干 葡萄干 干什么 面包干 旧金山 依旧 仍旧 照旧 怀旧 新旧
    以旧换新 家电换新 暗示 黑暗 暗恋 霉素 青霉素 黑色 黑白 黑客 黑龙江 黑板 黑莓 黑夜 黑马 黑人
    黑芝麻 黑头 断断续续 不断 判断 断码 间断 断奶 垄断 果断 掉头 忘掉 去掉 除掉 换掉 改掉 吃掉
    干掉 掉进 刺激 刺客 讽刺 冲刺 漏斗 泄漏 遗漏 疏漏 漏洞 酸奶 胃酸 氨基酸 酸辣 酸甜 硫酸 酸性
    乳酸 腥风 咸鸭蛋 咸蛋 咸菜 硬朗 松下 放松 轻松 松树 松子 松鼠 倾斜 扁平 弯曲 翘首 晃悠 骗子团
    破晓 贼船 老师 老人 老板 老公 老婆 老爸 老妈 老家 老大 老子 老外 老爷 老百姓 老年 老年人 古老
    老头 老太 老太太 老弟 老哥 老同学 老实 老虎 老顾客 老客户 老友 都市 成都 首都 都江堰 全国
    全部 全程 全球 全家福 全身 全套 全新 全面 全文 全书 全职 全体 全球购 安全 完全 全棉 超市 超人
    超过 超越 超出 超声波 超时 高超 超链接 真相 真正 真理 真情 真空 写真 认真 真皮 真人 真实性
    传真 天真 逼真 更新 更改 更换 变更 更何况 极品 北极 南极 积极 消极 极端 极限 太阳 太阳能 太平
    太平洋 太太 老太 太空 太极 太原 太子 太湖 最近 最后 最终 最初 最多 最少 最后一 最低价 最新
    最早 最高 最佳 巨人 巨头 怪不得 奇怪 责怪 怪兽 妖怪 怪异 还有 还是 还要 还给 归还 还款 还得
    还在 还想 算法 计算 打算 就算 预算 结算 算起来 总算 算上 胜算 不算 运算 较量 计较 偏僻 偏远
    偏爱 偏心 偏差 偏偏 偏见 偏向 侵略 战略 策略 省略 忽略 可能 可见 可口 可口可乐 可怜 可爱 认可
    可信 可靠性 可以说 可是 可比 可谓 许可 宁可 可选 可不 可用 可行 小可爱 可否 尽可能 可以用
    就是说 也就是 那就是 这就是 但凡 不但 非但 但求 若干 倘若 若无 若有 却步 忘却 冷却 退却
    唯一一 算了吧 要是的 还行李 京东自营 质量监督 质量问题件 海外 系统还原 希望工程 希望小学
    需要的 想要的 双十一 元旦 屏幕保护 大屏 字典 名字 文字 数字 汉字 签字 打字 字幕 识字 生字
    写字 字母 量杯 测量 尽量 力量 质量 数量 大量 容量 流量 重量 音量 能量 销量 份量 分量 含量
    商量 考量 批量 胶量 价值 评价 报价 差价 特价 涨价 降价 讲价 原价 现价 低价 高价 半价 代价
    房价 价目 性价比 降价 询价 单价 比价 标价 物价 皮肤 头皮 皮带 皮包 皮革 皮鞋 果皮 调皮 顽皮
    皮卡 脸皮 号码 密码 扫码 二维码 验证码 条形码 条码 数码 数码相机 代码 起码 页码 码头 腰带
    腰围 手纸 卫生纸 纸巾 纸箱 报纸 纸尿裤 床上 床单 起床 床位 意味 意味着 味精 回味 风味 品味
    口味 趣味 香味 汁水丰富 时间 有时间 第一时间 长时间 短时间 一段时间 时间长 系统升级 处理器
    爱护 昆虫 虫子 毛毛虫 网虫 软件园 送货员 送货单 发货单
"""

QUALMS_EN = """
    only complaint, my only complaint, only downside, only drawback, only negative, only thing i,
    only issue, one complaint, one downside, minor, nitpick
"""

NEGATORS_EN = """
    not, no, never, none, nothing, nobody, nowhere, neither, nor, without, hardly, barely,
    scarcely, rarely, seldom, don't, dont, doesn't, doesnt, didn't, didnt, isn't, isnt, wasn't,
    wasnt, aren't, arent, weren't, werent, won't, wont, wouldn't, wouldnt, can't, cant, cannot,
    couldn't, couldnt, shouldn't, shouldnt, haven't, havent, hasn't, hasnt, hadn't, hadnt, ain't,
    aint, lack, lacks, lacked, lacking, lack of, far from, anything but, less than, nor is,
    not at all, not even, never been, not that, not very, not so, not really, not too,
    not exactly, not particularly, not as, not all that, not quite, nowhere near, none of, n't,
    unable to, failed to, fails to, fail to, instead of
"""

DEGREES_EN: dict[float, str] = {
    1.4: """
        very, really, extremely, so, too, absolutely, totally, incredibly, super, highly,
        completely, utterly, especially, truly, exceptionally, amazingly, insanely, ridiculously,
        unbelievably, remarkably, particularly, terribly, awfully, seriously, deeply, thoroughly,
        beyond, soo, sooo, soooo, sooooo, soooooo, damn, freaking, fucking, most, by far,
        definitely, simply, wonderfully, surprisingly, perfectly, outstandingly
        """,
    1.2: """
        quite, pretty, such, such a, such an, just, even, more, much, always, certainly,
        genuinely, all, only, is a very, a very
        """,
    0.7: """
        fairly, rather, somewhat, relatively, reasonably, mostly, generally, kind of, kinda,
        sort of, sorta, almost, decently, about
        """,
    0.5: """
        slightly, a bit, a little, little, a tad, a touch, a little bit, somehow, mildly, partly,
        at times, sometimes
        """,
}

HEDGES_EN = "too, a bit, a little, a tad, a little bit, somewhat, kind of, kinda, sort of"
"""Degree words that, without a known word after them, mostly begin a complaint."""

BUTS_EN = """
    but, however, yet, nevertheless, nonetheless, except, except that, unfortunately,
    on the other hand, other than that, overall, all in all, that said, that being said,
    bottom line
"""

CONCESSIONS_EN = """
    although, though, even though, despite, in spite of, while, even if, notwithstanding, granted
"""

UNREAL_EN = """
    if, if only, i wish, wish, wished, hope, hoping, hoped, would be nice, would have been,
    could have been, could be, should be, should have been, would be, thought it would be,
    i thought, expected, expecting, i expected, supposed to, supposedly, claims, claims to be,
    claimed, so called, so-called, advertised as, looks like it would be, i was hoping,
    used to be, unless, whether, trying to, try to, wanted to, want to, wanted
"""

ABSORBERS_EN = """
    no doubt, no wonder, no matter, no longer than, not only, not just, not to mention, no idea,
    no one else, why not, if not, or not, whether or not, not sure if, no question, as well as,
    as well, just like, looks like, look like, looked like, feel like, feels like, felt like,
    would like to, i'd like to, like a, like an, like the, like this, like that, like i,
    like it's, like you, like they, like to, likes to, things like, something like,
    anything like, nothing like, seems like, seemed like, sounds like, tastes like, tasted like,
    smelled like, smells like, like my, like they're, like it was, more like, kind of like,
    just like the, acts like, acted like, like we, like he, like she, is like, was like,
    like when, too., too ., too!, me too, one too, them too, those too, it too, pretty much,
    even after, even when, so far, so that, so i, so we, so it, so they, so you, so if, so when,
    so much, so many, and so, so is, so was, so he, so she, so be, most of, at most, most people,
    most places, more than, more of, one more, once more, any more, much more, all of, all the,
    all my, all over, at all, after all, all day, all night, all year, all i, all in, all our,
    first of all, just because, just a, just got, just had, just to, just the, only one,
    only thing, only time, only to, not the only, the only, about the, about a, about it,
    about this, about my, still in, still on, even more, even the, even a, very first,
    even though, good bye, good luck, good morning, kind, all kinds, any kind, that kind,
    this kind, what kind, some kind, pretty sure, in mind, miss the call, right now, right next,
    right away after, on the right, hard drive, hot dog, hot dogs, hot sauce, sweet potato,
    sweet potatoes, sweet and sour, crab legs, light bulb, a lot, better half, cold beer,
    cold drinks, ice cold, cool down, dark chocolate, dark meat, good thing i,
    good enough reason, free of, hands free, hands-free, well known, well done steak, well as,
    love handles, low light, low carb, fine dining, happy hour, fast food, junk food, mean,
    means, meant, worth of, worst case, fall, return policy, return address, customer service,
    work, working on, works on, works for, works as, used, use, using
"""

EMOJI: dict[float, str] = {
    2.5: "😍 🥰 😘 🤩 💯 ❤ 💕 💖 💗 💓 💞 💝 💘 👍 👏 🎉 🥳 🌟 ⭐ 😻 🏆 😋 💪 👌",
    2.0: """
        😊 😀 😃 😄 😁 😆 ☺ 🙂 😎 😇 🤗 😉 🙏 🌹 🌸 💐 ✨ 😂 🤣 🔥 ✌ 💚 💙 💜 🧡 💛 🎁 :) :-) :d
        :-d ;) ^_^ ^^ ^o^ :p <3 =) (^_^) \\(^o^)/
        """,
    -2.5: "😡 😠 🤬 👎 💩 🤮 🤢 😤 😾 🖕 💔 😭 😢",
    -2.0: """
        😞 😔 😟 😕 🙁 ☹ 😣 😖 😫 😩 😒 🙄 😑 😐 😓 😰 😨 😱 😥 🤦 😪 ❌ 🚫 ⚠ 🤔 :( :-( :'( :/
        :-/ >_< t_t t.t =_= -_- -_-! -_-|| orz
        """,
}

CLAUSE_BREAKS = ", ; : 、 ( ) ~ — |"
SENTENCE_BREAKS = "。 ."
QUESTIONS = "? 吗"
EXCLAMATIONS = "!"
QUOTES = '“ ” " 「 」 『 』'
