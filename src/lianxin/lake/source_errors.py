"""What can be wrong with a file as a whole: one line for the user, nothing changed, exit code 2."""

from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text


class SourceNotFound(UnusableInput):
    """No such file."""

    text = Text("找不到文件 {path}", "No such file: {path}")


class SourceIsDirectory(UnusableInput):
    """A folder, pipe or device stands where a file is wanted."""

    text = Text(
        "{path} 不是普通文件（可能是目录），请给出单个文件。",
        "{path} is no regular file (a folder?); name the files themselves.",
    )


class SourceNotPermitted(UnusableInput):
    """The file may not be read."""

    text = Text("没有读取 {path} 的权限", "No permission to read {path}")


class SourceUnreadable(UnusableInput):
    """The operating system failed to read the file."""

    text = Text("读取 {path} 失败：{detail}", "Reading {path} failed: {detail}")


class SourceEmpty(UnusableInput):
    """The file holds nothing, not even a header."""

    text = Text("{path} 是空文件，没有表头", "{path} is empty: there is not even a header")


class UnknownFormat(UnusableInput):
    """Neither content nor extension tells the format."""

    text = Text(
        "无法识别 {path} 的格式{detail}；可读取：{known}",
        "The format of {path} is not known{detail}; these can be read: {known}",
    )


class SourceDamaged(UnusableInput):
    """Truncated, overwritten, or not what its extension says."""

    text = Text(
        "{path} 已损坏、不完整或不是 {format} 文件：{detail}",
        "{path} is damaged, cut off or no {format} file: {detail}",
    )


class ArchiveBomb(UnusableInput):
    """An archive that would unpack to far more than a sheet needs."""

    text = Text(
        "拒绝读取 {path}：解压后为 {unpacked_mib} MiB（压缩比 {ratio}），超出上限；请另存为 CSV。",
        "{path} is refused: it unpacks to {unpacked_mib} MiB (ratio {ratio}), too much; save it as CSV.",
    )


class SheetEncrypted(UnusableInput):
    """A password protects the workbook."""

    text = Text(
        "{path} 已加密；请先取消密码再导入。",
        "{path} is protected by a password; remove it, then import again.",
    )


class OldWorkbook(UnusableInput):
    """A binary workbook of before 2007, or another kind of workbook."""

    text = Text(
        "{path} 是 {kind} 文件，不支持；请另存为 .xlsx 或 .csv。",
        "{path} is a {kind} file, which is not read; save it as .xlsx or .csv.",
    )


class SheetNotFound(UnusableInput):
    """The workbook has no sheet of that name, or none with data."""

    text = Text("{path} 中没有工作表“{sheet}”；现有：{sheets}", "{path} has no sheet '{sheet}'; it has: {sheets}")


class UnknownEncoding(UnusableInput):
    """The text is neither UTF-8 nor GB18030, or not in the encoding that was named."""

    text = Text(
        "{path} 的文字编码无法识别：第 {byte_offset} 字节不是 {encodings}；请在映射中写明 encoding。",
        "The text of {path} is in no known encoding: byte {byte_offset} is not valid {encodings}; "
        "name the encoding under [source] of the mapping.",
    )


class EncodingNotKnown(UnusableInput):
    """The mapping names an encoding that does not exist."""

    text = Text("不存在名为 {encoding} 的文字编码", "There is no text encoding named {encoding}")


class NotText(UnusableInput):
    """Binary content where a text table was expected."""

    text = Text(
        "{path} 不是文本表格：第 {byte_offset} 字节是二进制内容",
        "{path} is no table in text: there is binary content at byte {byte_offset}",
    )


class RecordTooLong(UnusableInput):
    """One record goes on beyond the limit: an unclosed quote, or no line ends at all."""

    text = Text(
        "{path} 中从第 {row} 行起有一条记录超过 {limit_mib} MiB；可能是引号未闭合或没有换行。",
        "A record of {path} from row {row} on is longer than {limit_mib} MiB; "
        "perhaps a quote is not closed or there are no line ends.",
    )


class QuoteNotClosed(UnusableInput):
    """The file ends inside a quoted cell."""

    text = Text(
        "{path} 在引号内结束；第 {row} 行或之前有引号未闭合。",
        "{path} ends inside a quoted cell; a quote in row {row} or before is not closed.",
    )


class DuplicateHeaders(UnusableInput):
    """Two columns have the same name, so a mapping could not tell them apart."""

    text = Text("{path} 的表头有重复：{names}", "{path} has columns of the same name: {names}")


class TooManyColumns(UnusableInput):
    """More columns than any extract has: most likely no table at all."""

    text = Text("{path} 有 {count} 列，超过上限 {limit} 列", "{path} has {count} columns, more than {limit}")


class WrongDelimiter(UnusableInput):
    """The delimiter that was named does not split this file."""

    text = Text(
        "{path} 不能用分隔符 {delimiter} 分列；看起来应为 {likely}",
        "The delimiter {delimiter} does not split {path}; it looks like {likely}",
    )


class DelimiterNotKnown(UnusableInput):
    """A delimiter must be one ASCII character that is no quote and no line end."""

    text = Text(
        "分隔符 {delimiter} 无效：须为单个 ASCII 字符",
        "The delimiter {delimiter} is unusable: one ASCII character",
    )


class SkippedWholeFile(UnusableInput):
    """``skip_rows`` leaves no header."""

    text = Text(
        "{path} 在跳过 {skip_rows} 行之后没有表头",
        "{path} has no header left after skipping {skip_rows} rows",
    )


class UnusableColumns(UnusableInput):
    """Columns of a kind that no table can take."""

    text = Text("{path} 中这些列的类型不支持：{names}", "{path} has columns of a kind that is not read: {names}")


class XmlEntitiesRefused(UnusableInput):
    """A document type declaration, the door of entity attacks."""

    text = Text(
        "拒绝读取 {path}：XML 含有 DOCTYPE 或实体声明。",
        "{path} is refused: the XML declares a DOCTYPE or entities.",
    )


class NotEspi(UnusableInput):
    """XML that is no Green Button feed with interval readings."""

    text = Text(
        "{path} 不是含有分时读数的 Green Button (ESPI) 文件：{detail}",
        "{path} is no Green Button (ESPI) feed with interval readings: {detail}",
    )


class EspiForReadingsOnly(UnusableInput):
    """XML was given for a table other than interval_reading."""

    text = Text(
        "XML（Green Button ESPI）只能导入 interval_reading，不能导入 {table}",
        "XML (Green Button ESPI) can be imported as interval_reading only, not as {table}",
    )
