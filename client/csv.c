#include "client/csv.h"
#include "client/cell_text.h"
#include "core/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* The buffer holds more than the longest row, so that a row which does not end in it is too
 * long. */
enum { BUFFER = 4 * KL_CSV_ROW_MAX };

enum { PLAIN_CELLS_MAX = 64 };

enum { LETTER, QUOTE, CELL_END, ROW_END, ODD };

struct kl_csv {
	int fd;
	iconv_t from_1252;
	char name[256];
	char separator;
	bool at_end; /* nothing more comes from the file */
	bool failed;
	bool binary; /* a zero byte came from the file */
	bool forgive;
	uint32_t forgiven;         /* rows with question marks for what could not be read */
	uint8_t class[256];        /* of bytes, see plain_row() */
	size_t from, to;           /* what of the buffer is still to be read */
	uint32_t lines;            /* that were read */
	int64_t total;             /* bytes that were read */
	uint64_t size;             /* of the file; 0 if it is none */
	char raw[KL_CSV_TEXT_MAX]; /* a row before it is turned into UTF-8 */
	char buffer[BUFFER];
};

static int open_file(const char *path, struct kl_fault *fault, int *ret_fd, uint64_t *ret_size)
{
	int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO)
					: open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int error = errno;
	struct stat st;

	if (fd < 0) {
		/* Not KL_E_PERMISSION, which speaks of our own files: this one is somebody's data. */
		int code = error == ENOENT || error == ENOTDIR ? KL_E_NOT_FOUND
			   : error == EACCES || error == EPERM ? KL_E_MALFORMED
							       : KL_E_IO;

		return kl_fault(fault, code, "%s: cannot be opened: %s", path, strerror(error));
	}
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return kl_fault(fault, KL_E_MALFORMED, "%s: is a folder, not a file", path);
	}
	*ret_fd = fd;
	*ret_size = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	return KL_OK;
}

/* Fills the buffer behind what is still in it. */
static int fill(struct kl_csv *csv, struct kl_fault *fault)
{
	memmove(csv->buffer, csv->buffer + csv->from, csv->to - csv->from);
	csv->to -= csv->from;
	csv->from = 0;
	while (!csv->at_end && csv->to < BUFFER) {
		ssize_t n = read(csv->fd, csv->buffer + csv->to, BUFFER - csv->to);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return kl_fault(fault, KL_E_IO, "%s: cannot be read: %s", csv->name,
				strerror(errno));
		csv->at_end = n == 0;
		csv->binary = csv->binary || memchr(csv->buffer + csv->to, '\0', (size_t)n);
		csv->to += (size_t)n;
		csv->total += n;
	}
	if (csv->total > KL_CSV_FILE_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "%s: larger than a gigabyte", csv->name);
	return KL_OK;
}

static int refuse(struct kl_csv *csv, struct kl_fault *fault, const char *what)
{
	kl_fault(fault, KL_E_MALFORMED, "%s: is %s, not CSV", csv->name, what);
	kl_fault_hint(fault, "save the table as XLSX, or as \"CSV UTF-8 (comma delimited)\"");
	return KL_E_MALFORMED;
}

/* A file that begins so is opened by client/grid.h; this one comes through a pipe. */
static int refuse_archive(struct kl_csv *csv, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_MALFORMED,
		"%s: is a spreadsheet (XLSX) or another archive, which cannot be read from a pipe",
		csv->name);
	kl_fault_hint(fault, "give the name of the file");
	return KL_E_MALFORMED;
}

/* What some programs give a name that ends with .xls or .csv. */
static bool is_markup(const char *text, size_t len)
{
	static const char *const starts[] = {"<!DOCTYPE", "<html", "<?xml", "<table"};

	for (; len && strchr(" \t\r\n", *text); text++)
		len--;
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (len >= strlen(starts[i]) && !strncasecmp(text, starts[i], strlen(starts[i])))
			return true;
	return false;
}

/* Skips the mark of UTF-8 and refuses at once what would only give strange messages later. */
static int look_at_start(struct kl_csv *csv, struct kl_fault *fault)
{
	const char *b = csv->buffer;

	if (csv->to >= 3 && memcmp(b, "\xef\xbb\xbf", 3) == 0)
		csv->from = 3;
	if (csv->to >= 2 && (memcmp(b, "\xff\xfe", 2) == 0 || memcmp(b, "\xfe\xff", 2) == 0))
		return refuse(csv, fault, "UTF-16 (\"Unicode text\")");
	if (csv->to >= 4 && memcmp(b, "PK\3\4", 4) == 0)
		return refuse_archive(csv, fault);
	if (csv->to >= 4 && memcmp(b, "\xd0\xcf\x11\xe0", 4) == 0)
		return refuse(csv, fault, "an old spreadsheet (XLS), or one with a password");
	if (csv->to >= 5 && memcmp(b, "%PDF-", 5) == 0)
		return refuse(csv, fault, "a PDF");
	if (is_markup(b + csv->from, csv->to - csv->from))
		return refuse(csv, fault, "a web page or XML");
	if (csv->binary)
		return refuse(csv, fault, "a binary file");
	return KL_OK;
}

int kl_csv_open(const char *path, struct kl_fault *fault, struct kl_csv **ret_csv)
{
	struct kl_csv *csv = malloc(sizeof *csv);
	int rc;

	if (!csv)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);
	csv->fd = -1;
	kl_csv_set_separator(csv, ',');
	csv->at_end = csv->failed = csv->binary = false;
	csv->from = csv->to = 0;
	csv->lines = 0;
	csv->forgive = false;
	csv->forgiven = 0;
	csv->total = 0;
	csv->size = 0;
	(void)kl_copy_text(csv->name, sizeof csv->name, strcmp(path, "-") == 0 ? "(input)" : path);
	csv->from_1252 = iconv_open("UTF-8", "WINDOWS-1252");
	if (csv->from_1252 == (iconv_t)-1) {
		rc = kl_fault(fault, KL_E_CONFIG, "this system cannot convert Windows-1252");
		goto fail;
	}
	rc = open_file(path, fault, &csv->fd, &csv->size);
	if (rc)
		goto fail;
	rc = fill(csv, fault);
	if (rc)
		goto fail;
	rc = look_at_start(csv, fault);
	if (rc)
		goto fail;
	*ret_csv = csv;
	return KL_OK;
fail:
	kl_csv_close(csv);
	return rc;
}

void kl_csv_close(struct kl_csv *csv)
{
	if (!csv)
		return;
	if (csv->fd >= 0)
		close(csv->fd);
	if (csv->from_1252 != (iconv_t)-1)
		iconv_close(csv->from_1252);
	free(csv);
}

const char *kl_csv_name(const struct kl_csv *csv)
{
	return csv->name;
}

void kl_csv_set_separator(struct kl_csv *csv, char separator)
{
	csv->separator = separator;
	for (int c = 0; c < 256; c++)
		csv->class[c] = c < ' ' || c >= 0x7f ? ODD : c == '"' ? QUOTE : LETTER;
	csv->class['\n'] = csv->class['\r'] = ROW_END;
	csv->class[(uint8_t)separator] = CELL_END;
}

/* ---- from bytes to cells --------------------------------------------------------------------- */

struct splitter {
	const char *at, *end;
	char separator;
	bool whole; /* the file ends at `end` */
	bool open_quote;
	uint32_t newlines;
};

static bool is_newline(const struct splitter *s)
{
	return *s->at == '\n' || (*s->at == '\r' && !(s->at + 1 < s->end && s->at[1] == '\n'));
}

/* Copies what is between quotes up to the closing one; "" stands for one quote. */
static char *quoted(struct splitter *s, char *to)
{
	for (s->at++; s->at < s->end; s->at++) {
		if (*s->at != '"') {
			s->newlines += is_newline(s);
		} else if (s->at + 1 < s->end && s->at[1] == '"') {
			s->at++;
		} else if (s->at + 1 < s->end || s->whole) {
			s->at++;
			return to;
		} else {
			return NULL;
		}
		*to++ = *s->at;
	}
	s->open_quote = true;
	return NULL;
}

/* One cell, up to its separator or line end. NULL if more bytes are needed. Quotes count where a
 * cell begins; whatever follows a closing quote is taken as it stands, as spreadsheets do. */
static char *cell(struct splitter *s, char *to)
{
	while (s->at < s->end && *s->at == ' ')
		s->at++;
	if (s->at < s->end && *s->at == '"') {
		to = quoted(s, to);
		if (!to)
			return NULL;
	}
	while (s->at < s->end && *s->at != s->separator && *s->at != '\n' && *s->at != '\r')
		*to++ = *s->at++;
	return s->at < s->end || s->whole ? to : NULL;
}

enum split { SPLIT_ROW, SPLIT_MORE, SPLIT_TOO_MANY };

/* Splits the row that begins at s->at into cells, raw as in the file, each with a final zero. Never
 * writes more than it reads plus one zero for each cell. */
static enum split split(struct splitter *s, struct kl_csv_row *row)
{
	char *to = row->text;

	for (row->count = 0;; s->at++) {
		if (row->count == KL_CSV_CELLS_MAX)
			return SPLIT_TOO_MANY;
		row->cells[row->count++] = to;
		to = cell(s, to);
		if (!to)
			return SPLIT_MORE;
		*to++ = '\0';
		if (s->at == s->end)
			return SPLIT_ROW;
		if (*s->at == s->separator)
			continue;
		if (*s->at == '\r' && s->at + 1 == s->end && !s->whole)
			return SPLIT_MORE;
		if (*s->at == '\r' && s->at + 1 < s->end && s->at[1] == '\n')
			s->at++;
		s->at++;
		s->newlines++;
		return SPLIT_ROW;
	}
}

/* A splitter over what is in the buffer, but no further than a row may reach. */
static struct splitter splitter_at(const struct kl_csv *csv, size_t from, char separator)
{
	struct splitter s = {.at = csv->buffer + from, .separator = separator};
	size_t len = csv->to - from;

	s.whole = csv->at_end && len <= KL_CSV_ROW_MAX;
	s.end = s.at + (len <= KL_CSV_ROW_MAX ? len : KL_CSV_ROW_MAX);
	return s;
}

/* ---- from cells to text ---------------------------------------------------------------------- */

/* Bytes of the well-formed UTF-8 character at `at`, or 0. */
static size_t utf8_len(const unsigned char *at)
{
	size_t n = at[0] < 0x80 ? 1 : at[0] < 0xc2 ? 0 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;

	if (at[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
		(at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
		return 0;
	return n;
}

static bool is_utf8(const struct kl_csv_row *row)
{
	for (unsigned i = 0; i < row->count; i++)
		for (const char *at = row->cells[i]; *at;) {
			size_t n = utf8_len((const unsigned char *)at);

			if (!n)
				return false;
			at += n;
		}
	return true;
}

/* Turns a cell of Windows-1252 into UTF-8. NULL, or the byte that is none; one that is forgiven
 * becomes a question mark. */
static const char *convert_cell(
	struct kl_csv *csv, char *in, char **out, size_t *out_left, bool *ret_odd)
{
	size_t in_left = strlen(in) + 1;

	while (iconv(csv->from_1252, &in, &in_left, out, out_left) == (size_t)-1) {
		(void)iconv(csv->from_1252, NULL, NULL, NULL, NULL);
		if (!csv->forgive || !*out_left)
			return in;
		*ret_odd = true;
		*(*out)++ = '?';
		--*out_left;
		in++;
		in_left--;
	}
	return NULL;
}

/* The same with a whole row. */
static int convert(
	struct kl_csv *csv, struct kl_csv_row *row, bool *ret_odd, struct kl_fault *fault)
{
	const char *last = row->cells[row->count - 1], *bad;
	size_t len = (size_t)(last - row->text) + strlen(last) + 1, out_left = sizeof row->text;
	char *out = row->text;

	memcpy(csv->raw, row->text, len);
	for (unsigned i = 0; i < row->count; i++) {
		char *in = csv->raw + (row->cells[i] - row->text), *begin = out;

		bad = convert_cell(csv, in, &out, &out_left, ret_odd);
		if (bad)
			return kl_fault(fault, KL_E_MALFORMED,
				"%s, line %u, column %u: the byte 0x%02X is neither UTF-8 nor "
				"Windows-1252",
				csv->name, row->line, i + 1, (unsigned char)*bad);
		row->cells[i] = begin;
	}
	return KL_OK;
}

static int finish_row(struct kl_csv *csv, struct kl_csv_row *row, struct kl_fault *fault)
{
	bool odd = false;
	int rc = is_utf8(row) ? KL_OK : convert(csv, row, &odd, fault);

	if (rc)
		return rc;
	row->blank = true;
	for (unsigned i = 0; i < row->count; i++) {
		char *cell = kl_cell_tidy(row->text + (row->cells[i] - row->text));

		row->cells[i] = cell;
		if (cell[0])
			row->blank = false;
		if (kl_text_is_plain(kl_bytes_str(cell), true))
			continue;
		odd = true;
		if (csv->forgive)
			kl_text_make_plain(cell, true);
		else
			return kl_fault(fault, KL_E_MALFORMED,
				"%s, line %u, column %u: holds characters that cannot be shown",
				csv->name, row->line, i + 1);
	}
	csv->forgiven += odd;
	return KL_OK;
}

int kl_csv_peek(struct kl_csv *csv, char separator, struct kl_csv_at *at, struct kl_csv_row *row)
{
	struct splitter s = splitter_at(csv, csv->from + at->offset, separator);

	if (s.at == s.end || split(&s, row) != SPLIT_ROW)
		return 0;
	row->line = at->lines + 1;
	if (finish_row(csv, row, NULL))
		return 0;
	at->offset = (size_t)(s.at - csv->buffer) - csv->from;
	at->lines += s.newlines;
	return 1;
}

/* ---- plain rows ------------------------------------------------------------------------------ */

/* Most rows are plain: printable ASCII, quotes only around whole cells, all of it in the buffer, a
 * line end behind it. Those are taken apart where they stand, several times as fast; whatever is not
 * so plain is left as it is, for split(). */

/* A cell in quotes from the one that opens to the one that closes; NULL if it is not plain. */
static char *plain_quoted(const struct kl_csv *csv, char *at, const char *end)
{
	while (at < end &&
		(csv->class[(uint8_t)*at] == LETTER || csv->class[(uint8_t)*at] == CELL_END) &&
		*at != '\t')
		at++;
	return at + 1 < end && *at == '"' && csv->class[(uint8_t)at[1]] >= CELL_END ? at : NULL;
}

/* The content of a cell from `*at`, which moves to what ends it; false if it is not plain. */
static bool plain_cell(
	const struct kl_csv *csv, char **at, const char *end, char **ret_from, char **ret_to)
{
	char *to;

	while (*at < end && **at == ' ')
		++*at;
	*ret_from = *at;
	if (*at < end && **at == '"') {
		to = plain_quoted(csv, ++*ret_from, end);
		if (!to)
			return false;
		*at = to + 1;
	} else {
		for (to = *at; to < end && csv->class[(uint8_t)*to] <= QUOTE; to++)
			continue;
		*at = to;
	}
	while (*ret_from < to && **ret_from == ' ')
		++*ret_from;
	while (to > *ret_from && to[-1] == ' ')
		to--;
	/* the escape against formulas, see csv_write.h */
	if (to - *ret_from > 1 && **ret_from == '\'' && strchr("=+-@", (*ret_from)[1]))
		++*ret_from;
	*ret_to = to;
	return *at < end;
}

/* Whether the row at csv->from is plain; then it is read. */
static bool plain_row(struct kl_csv *csv, struct kl_csv_row *row)
{
	char *at = csv->buffer + csv->from, *from, *to, *ends[PLAIN_CELLS_MAX];
	size_t len = csv->to - csv->from;
	const char *end = at + (len < KL_CSV_ROW_MAX ? len : KL_CSV_ROW_MAX);

	row->count = 0;
	row->blank = true;
	for (;; at++) {
		if (row->count == PLAIN_CELLS_MAX || !plain_cell(csv, &at, end, &from, &to))
			return false;
		ends[row->count] = to;
		row->cells[row->count++] = from;
		row->blank = row->blank && from == to;
		if (csv->class[(uint8_t)*at] == ROW_END)
			break;
		if (csv->class[(uint8_t)*at] != CELL_END)
			return false;
	}
	if (*at == '\r' && (++at == end || *at != '\n'))
		return false;
	for (unsigned i = 0; i < row->count; i++)
		*ends[i] = '\0';
	csv->from = (size_t)(at + 1 - csv->buffer);
	row->line = ++csv->lines;
	return true;
}

static int too_long(struct kl_csv *csv, const struct splitter *s, struct kl_fault *fault)
{
	uint32_t line = csv->lines + 1;

	if (s->open_quote && s->whole)
		return kl_fault(fault, KL_E_MALFORMED,
			"%s, line %u: a quotation mark opens and never closes", csv->name, line);
	kl_fault(fault, KL_E_TOO_BIG, "%s, line %u: the row is longer than %d KiB", csv->name, line,
		KL_CSV_ROW_MAX / 1024);
	if (s->open_quote)
		kl_fault_hint(fault, "perhaps a quotation mark opens and never closes");
	return KL_E_TOO_BIG;
}

static int next_row(struct kl_csv *csv, struct kl_csv_row *row, struct kl_fault *fault)
{
	struct splitter s;
	enum split what;
	int rc;

	if (!csv->at_end && csv->to - csv->from <= KL_CSV_ROW_MAX) {
		rc = fill(csv, fault);
		if (rc)
			return rc;
	}
	if (csv->from == csv->to)
		return 0;
	if (csv->binary)
		return refuse(csv, fault, "a binary file");
	if (plain_row(csv, row))
		return 1;
	s = splitter_at(csv, csv->from, csv->separator);
	what = split(&s, row);
	if (what == SPLIT_MORE)
		return too_long(csv, &s, fault);
	if (what == SPLIT_TOO_MANY)
		return kl_fault(fault, KL_E_TOO_BIG, "%s, line %u: more than %d columns", csv->name,
			csv->lines + 1, KL_CSV_CELLS_MAX);
	row->line = csv->lines + 1;
	csv->from = (size_t)(s.at - csv->buffer);
	csv->lines += s.newlines;
	rc = finish_row(csv, row, fault);
	return rc ? rc : 1;
}

int kl_csv_next(struct kl_csv *csv, struct kl_csv_row *row, struct kl_fault *fault)
{
	int rc;

	if (csv->failed)
		return 0;
	rc = next_row(csv, row, fault);
	csv->failed = rc < 0;
	return rc;
}

void kl_csv_progress(const struct kl_csv *csv, uint64_t *ret_done, uint64_t *ret_total)
{
	*ret_done = (uint64_t)csv->total - (csv->to - csv->from);
	*ret_total = csv->size;
}

void kl_csv_forgive(struct kl_csv *csv)
{
	csv->forgive = true;
	csv->forgiven = 0;
}

uint32_t kl_csv_forgiven(const struct kl_csv *csv)
{
	return csv->forgiven;
}
