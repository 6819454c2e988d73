#include "client/csv_write.h"
#include "core/harmless.h"

#include <inttypes.h>
#include <string.h>

static void begin(struct kl_csv_writer *w)
{
	if (w->begun)
		fputc(',', w->out);
	w->begun = true;
}

void kl_csv_write_text(struct kl_csv_writer *w, const char *text)
{
	bool escape = text[0] && strchr("=+-@\t\r", text[0]);
	struct kl_bytes rest = kl_bytes_str(text);
	struct kl_harmless at = {0};
	bool harmless, quote = strpbrk(text, ",;\t\"\r\n") || text[0] == ' ' || text[0] == '\'';

	begin(w);
	if (quote)
		fputc('"', w->out);
	if (escape)
		fputc('\'', w->out);
	for (size_t n; rest.len; rest = kl_bytes(rest.data + n, rest.len - n)) {
		n = kl_harmless_next(&at, rest, &harmless);
		if (rest.data[0] == '"')
			fputc('"', w->out);
		if (harmless)
			fwrite(rest.data, 1, n, w->out);
		else
			fputs(KL_HARMLESS_INSTEAD, w->out);
	}
	if (quote)
		fputc('"', w->out);
}

void kl_csv_write_pounds(struct kl_csv_writer *w, int64_t pence)
{
	uint64_t size = pence < 0 ? 0 - (uint64_t)pence : (uint64_t)pence;

	begin(w);
	fprintf(w->out, "%s%" PRIu64 ".%02u", pence < 0 ? "-" : "", size / 100,
		(unsigned)(size % 100));
}

void kl_csv_write_number(struct kl_csv_writer *w, double value)
{
	begin(w);
	fprintf(w->out, "%.12g", value);
}

void kl_csv_write_count(struct kl_csv_writer *w, int64_t value)
{
	begin(w);
	fprintf(w->out, "%" PRId64, value);
}

int kl_csv_write_end(struct kl_csv_writer *w)
{
	fputs("\r\n", w->out);
	w->begun = false;
	return ferror(w->out) ? KL_E_IO : KL_OK;
}
