"""Masks personal data before anything is learnt from a text or stored: numbers, names, addresses.

Patterns are for Rust's regex engine (no look-around), so that a million texts take seconds. A mask errs on the side of
taking too much: a topic does without a house number.
"""

import polars as pl

# The commonest Chinese surnames, about 95 % of the population.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜"
    "崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙段史黎贺陶毛郝龚邵万覃武钱戴莫孔向汤温康施文牛樊葛邢安齐"
    "庞颜倪章鲁翟殷詹申耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍"
    "华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边"
    "卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝严萧史常黎尚纪施陶洪翁卞水安"
)
_NAME = rf"(?:[{SURNAMES}]\p{{Han}}{{1,2}}|(?:欧阳|司马|上官|诸葛)\p{{Han}}{{1,2}})"
_PHONE = r"(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- —]?\d{7,8}|[48]00[- ]?\d{3}[- ]?\d{4})"
_GAP = r"[\s，,。；;、：:（(）)]{0,3}"
_CALLED = r"(?:联系电话|电话号码|手机号码|手机号|电话|手机|号码|来电|回电|tel|phone)?(?:是|为|号)?"
_UNIT = r"(?:号楼|号院|号|幢|栋|座|单元|室|组|弄|楼|层|户|队|社)"
_PLACE = (
    r"(?:\p{Han}{2,8}(?:省|自治区|市|区|县|旗))?"
    r"(?:\p{Han}{1,6}(?:街道|镇|乡|村|社区|路|大道|街|巷|里|小区|花园|家园|苑|新村|"
    r"山庄|大厦|工业园|软件园|园区|园|湾|铺|圩|门|荡|坪|城|府|庭|庄|塘|桥))?"
)
_PERSON = r"\p{Han}{2,4}"
_TITLE = r"(?:先生|女士|小姐|阿姨|大爷|大妈|老师|同志)?"
_ANNOUNCED = (
    r"(?:联系人姓名|联系人|户主|业主|姓名|用户名|户名|机主|经办人|申请人|报修人|投诉人|来电人|"
    r"我叫|名叫|我是|本人|请联系|请找|找)"
)
_AFTER = rf"(?:[，,（(\s、：:]{{1,2}}{_PERSON}{_TITLE}(?:$|[，,。；;）)\s])|{_GAP}找?{_NAME})?"

# In this order; each is replaced by a space.
PATTERNS: tuple[str, ...] = (
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}",
    r"[1-9]\d{16}[\dXx]",
    # beside a telephone number whatever looks like a name is one, its surname known or not
    rf"{_ANNOUNCED}[：:是为]?\s?{_PERSON}{_TITLE}(?:在现场|住)?{_GAP}{_CALLED}{_GAP}{_PHONE}{_AFTER}",
    rf"[\s，,。]{_PERSON}{_TITLE}\s?{_PHONE}{_AFTER}",
    rf"(?:{_NAME}{_TITLE}{_GAP}{_CALLED}{_GAP})?{_PHONE}{_AFTER}",
    # a name after the word that announces it
    rf"{_ANNOUNCED}[：:是为]?\s?{_NAME}(?:在现场|住|，|,|。|；|\s|$)",
    rf"(?:联系人姓名|联系人|姓名|我叫|名叫|户主|机主|经办人|申请人)[：:是为]?\s?{_NAME}",
    rf"[{SURNAMES}]\p{{Han}}{{0,2}}?(?:先生|女士|小姐|阿姨|大爷|大妈)",
    r"(?i)\b(?:my name is|contact|mr\.?|mrs\.?|ms\.?)\s+[a-z]+(?:\s+[a-z]+)?",
    # a house with two parts or more, then one with a single part
    rf"{_PLACE}[0-9一二三四五六七八九十百]{{1,5}}{_UNIT}(?:[0-9一二三四五六七八九十百-]{{1,6}}{_UNIT})+",
    rf"{_PLACE}[0-9]{{1,5}}{_UNIT}",
    # licence plates, and every longer number: account, meter, order and telephone numbers
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{4,6}",
    r"\d(?:[\d\- ]{3,}\d|\d{3,})",
)


def masked(text: pl.Expr) -> pl.Expr:
    """The text without personal data."""
    for pattern in PATTERNS:
        text = text.str.replace_all(pattern, " ")
    return text
