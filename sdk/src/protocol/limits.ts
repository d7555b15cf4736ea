/** Every outside limit, once. The README shows them; each is enforced with an error that names it. Bytes are of UTF-8. */

/** One REST body. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024
/** Levels of arrays and objects in one REST body. */
export const MAX_JSON_DEPTH = 100
/** The header `Idempotency-Key`. */
export const MAX_IDEMPOTENCY_KEY_LENGTH = 255
/** One frame on the socket; larger things go by HTTP. */
export const MAX_FRAME_BYTES = 1024 * 1024
/** Items in one frame. */
export const MAX_FRAME_ITEMS = 2_000
/** Frames that a sender may have unanswered. */
export const MAX_FRAMES_IN_FLIGHT = 8
/** Senders gather items for so long before they send a frame. */
export const FRAME_COALESCE_MS = 2
/** Senders gather log lines for so long. */
export const LOG_COALESCE_MS = 500
/** One packed row of log lines (Durable Object values may have 2 MB). */
export const MAX_LOG_SEGMENT_BYTES = 256 * 1024
/** One log line; what is longer is cut and marked. */
export const MAX_LOG_MESSAGE_LENGTH = 64 * 1024
/** Lines kept of one run, and of what is more the last ones; a line between them says how many there were. */
export const MAX_LOG_LINES_PER_RUN = 1_000_000
export const MAX_LAST_LOG_LINES = 100
/** Bytes of log that one question reads; a page that ends there has a cursor to go on with. */
export const MAX_LOG_SCAN_BYTES = 32 * 1024 * 1024
/** Lines that an executor keeps in memory while the workspace is away; the oldest DEBUG and INFO lines go first, and a line says how many. */
export const MAX_UNSENT_LOG_LINES = 200_000
/** The same in bytes, so that long lines cannot fill the memory. */
export const MAX_UNSENT_LOG_BYTES = 64 * 1024 * 1024
/** Parameters of one run, as JSON. Prefect's `max_parameter_size`. */
export const MAX_PARAMETERS_BYTES = 512 * 1024
/** Levels of what an engine records of a run, so that the frame, and later the answers, around it stay below MAX_JSON_DEPTH. */
export const MAX_RECORDED_DEPTH = 80
/** The schema of a flow's parameters as an engine records it: frame and parameters need room beside it. */
export const MAX_RECORDED_SCHEMA_BYTES = 128 * 1024
/** An error with its causes, as an engine records it in a state. */
export const MAX_ERROR_RECORD_BYTES = 64 * 1024
/** States of a task run that an engine reports at once, where there are many. */
export const MAX_REPORT_BYTES = 256 * 1024
/** Values inside parameters that are checked no deeper than this. */
export const MAX_PARAMETER_DEPTH = 200
/** Broken rules that one check of parameters names. */
export const MAX_PARAMETER_ISSUES = 20
/** A result kept inside its task run's row. */
export const MAX_INLINE_RESULT_BYTES = 64 * 1024
/** The data of one state as JSON; a kept result is counted before it becomes JSON text, which may double it and more. */
export const MAX_STATE_DATA_BYTES = 256 * 1024
/** The history of one run as JSON. Where it would be more, the data of the oldest states is not kept; the states are. */
export const MAX_STATES_BYTES = 1024 * 1024
export const MAX_STATE_MESSAGE_LENGTH = 16 * 1024
export const MAX_NAME_LENGTH = 255
export const MAX_TAGS = 100
export const MAX_LABELS = 100
/** States of one run that are kept; a run that reaches it is refused further non-final states. */
export const MAX_STATES_PER_RUN = 1_000
/** Task runs of one flow run. */
export const MAX_TASK_RUNS_PER_FLOW_RUN = 100_000
/** A page of a list. */
export const MAX_PAGE = 200
export const MAX_OFFSET = 100_000
/** Ids or names in one `any_`. */
export const MAX_FILTER_VALUES = 1_000
/** Bars of one history answer, as in Prefect. */
export const MAX_HISTORY_BARS = 500
/** One bar of a history answer: ten years. */
export const MAX_HISTORY_INTERVAL_SECONDS = 10 * 365 * 24 * 3_600
/** Nodes of one graph answer, as in Prefect. */
export const MAX_GRAPH_NODES = 10_000
/** Runs of one bulk operation, as in Prefect. */
export const MAX_BULK = 50
/** Retries of one run. */
export const MAX_RETRIES = 1_000_000
/** One delay before a retry: ten years. */
export const MAX_RETRY_DELAY_SECONDS = 10 * 365 * 24 * 3_600
export const MAX_RETRY_JITTER_FACTOR = 100
/** Edges that an engine records of one task run; it may depend on more. */
export const MAX_TASK_RUN_EDGES = 2_000
/** `retry_delay_seconds` lists, as in Prefect. */
export const MAX_RETRY_DELAYS = 50
/** At this size of a workspace new runs are refused, old ones finish. The platform ends at 10 GB. */
export const MAX_WORKSPACE_BYTES = 8 * 1024 * 1024 * 1024
/** Events kept per topic for clients that come back, and their characters. */
export const MAX_TOPIC_EVENTS = 2_000
export const MAX_TOPIC_CHARACTERS = 2 * 1024 * 1024
/** Rows of a snapshot: newest runs of the list, newest lines of a run. */
export const MAX_SNAPSHOT_RUNS = 200
export const MAX_SNAPSHOT_LOG_LINES = 1_000
export const MAX_SNAPSHOT_TASK_RUNS = 500
export const MAX_TOPICS_PER_SOCKET = 32
/** Task runs of one page of a timeline. */
export const MAX_TIMELINE_ROWS = 5_000
/** States that a timeline shows of one run: the first one and the last ones. */
export const MAX_TIMELINE_STATES = 64
/** Lines of one page of a log in short lines, and its characters; the last segment is whole. */
export const MAX_LOG_PAGE_LINES = 10_000
export const MAX_LOG_PAGE_CHARACTERS = 4 * 1024 * 1024
/** Lines of one log that a page holds; older ones are in the download. */
export const MAX_HELD_LOG_LINES = 200_000
/** Newest runs of one flow in one answer, and runs of the workspace that are looked through for them. */
export const MAX_RECENT_RUNS = 50
export const MAX_RECENT_RUNS_SCANNED = 20_000
export const MAX_SOCKETS = 2_000
/** A socket that has said no hello for so long makes room for others. */
export const HELLO_SECONDS = 10
/** How far a time that an executor reports may be from the workspace's clock: ten years. */
export const MAX_CLOCK_SKEW_SECONDS = 10 * 365 * 24 * 3_600
/** Seconds between two `ping`s of an executor. */
export const PING_SECONDS = 10
/** An executor that gave no sign of life for so long is dead. */
export const LEASE_SECONDS = 30
/** An alarm that comes later than this was our own absence: leases get LEASE_SECONDS more, once. */
export const ABSENCE_SECONDS = 5
/** A run that stays Cancelling for so long is Cancelled by the workspace. */
export const CANCEL_GRACE_SECONDS = 300
/** What user code gets to end by itself after its signal aborted; then the run ends without it. */
export const CANCEL_UNWIND_SECONDS = 5
/** A sender of REST heartbeats is given three of them; Prefect's interval. */
export const MAX_TEXT_SEARCH_LENGTH = 200
/** Seconds that the session cookie of a link lives. */
export const SESSION_COOKIE_SECONDS = 30 * 24 * 3_600
/** Cells of one notebook. */
export const MAX_CELLS = 2_000
/** The text of one cell; as JSON it still fits one frame. */
export const MAX_CELL_BYTES = 256 * 1024
/** The texts of all cells; as JSON they still fit one REST body. */
export const MAX_NOTEBOOK_BYTES = 2 * 1024 * 1024
/** Cells kept in the bin of a notebook; the oldest fall out first. A whole notebook finds room, so that any deletion can be undone. */
export const MAX_BIN_CELLS = 2_000
/** Attributes of one cell, and keys of a notebook's header. */
export const MAX_CELL_ATTRIBUTES = 32
export const MAX_HEADER_KEYS = 64
/** One value of an attribute or of the header. */
export const MAX_ATTRIBUTE_LENGTH = 1_024
export const MAX_HEADER_VALUE_LENGTH = 8 * 1024
/** Spans of one change of a cell's text. */
export const MAX_TEXT_SPANS = 1_000
/** Outputs kept of one run of a cell; what is more is counted. */
export const MAX_CELL_OUTPUTS = 1_000
/** Outputs that a page draws before it is asked for more. */
export const SHOWN_CELL_OUTPUTS = 50
/** What a run of a cell prints is kept to so many characters: its beginning, and of the rest the end. */
export const MAX_CELL_TEXT_CHARACTERS = 1_000_000
export const KEPT_TEXT_HEAD_CHARACTERS = 50_000
/** One output as JSON; a value that would be more is shown as far as it fits. */
export const MAX_OUTPUT_CHARACTERS = 512 * 1024
/** An image that is larger is drawn smaller. */
export const MAX_IMAGE_BYTES = 360 * 1024
/** Entries of a value that come along, and that one opening adds. */
export const MAX_PREVIEW_ENTRIES = 100
/** Levels of a value that come along. */
export const PREVIEW_DEPTH = 2
/** Rows of a table that come along; the others are behind its handle. */
export const TABLE_FIRST_ROWS = 100
export const MAX_TABLE_COLUMNS = 200
/** Rows of a value that are looked at; of a longer list these are the table. */
export const MAX_TABLE_ROWS = 1_000_000
/** One cell of a table. */
export const MAX_TABLE_CELL_CHARACTERS = 2_000
/** A question about a table gives up after so long. */
export const TABLE_QUERY_MS = 2_000
/** A file that an input takes. */
export const MAX_INPUT_FILE_BYTES = 64 * 1024 * 1024
/** What cells show is gathered for so long. */
export const OUTPUT_COALESCE_MS = 50
/** Notebooks of one workspace. */
export const MAX_NOTEBOOKS = 1_000
/** The texts of a notebook's bin; the oldest cells fall out first. */
export const MAX_BIN_BYTES = 2 * 1024 * 1024
/** Operations of one batch, and their bytes as JSON: a batch fits one row and one frame. */
export const MAX_BATCH_OPERATIONS = 500
export const MAX_BATCH_BYTES = 960 * 1024
/** Batches of a notebook that are kept, and their characters, so that edits which stand on an older text still find their place. */
export const MAX_LOGGED_BATCHES = 1_000
export const MAX_LOGGED_CHARACTERS = 8 * 1024 * 1024
/** What one cell shows, as it is stored: one row, and one frame. Outputs beyond it are left out by whoever runs the cell. */
export const MAX_CELL_RUN_BYTES = 960 * 1024
/** The last edits of a notebook that come with it for who comes back with edits of its own. */
export const MAX_SNAPSHOT_EDIT_CHARACTERS = 256 * 1024
/** What cells of one notebook show, as far as it comes with the notebook; the newest first, the rest is read cell by cell. */
export const MAX_SNAPSHOT_RUN_CHARACTERS = 1024 * 1024
/** One message of a kernel to its page. */
export const MAX_KERNEL_MESSAGE_CHARACTERS = 32 * 1024 * 1024
/** A kernel that says more is ended: its page must stay alive. */
export const MAX_KERNEL_MESSAGES_PER_SECOND = 5_000
/** Text of a notebook that the editor's language service reads; of a larger one it is off. */
export const MAX_TYPES_CHARACTERS = 1_000_000
/** A language service that owes an answer for so long is begun anew, once. */
export const TYPES_ANSWER_MS = 20_000
