/* Where the statement goes: a terminal, or a page in the style of the report. */
#include "client/statement.h"
#include "client/draw.h"
#include "client/report.h"

#include <stdarg.h>

enum { TEXT_MAX = 2048, PAGE_WIDTH = 96 };
enum { NOTHING, PLAIN, LIST, FACTS };

/* ---- what is open in the page ----------------------------------------------------------------- */

static void close_block(struct kl_statement *s)
{
	if (s->open == LIST)
		kl_html_close(s->html);
	if (s->open == FACTS) {
		kl_html_close(s->html); /* tbody */
		kl_html_close(s->html); /* table */
		kl_html_close(s->html); /* what it is scrolled in */
	}
	if (s->open != NOTHING)
		s->open = PLAIN;
}

static void begin_block(struct kl_statement *s, int block)
{
	if (s->open == block)
		return;
	close_block(s);
	if (block == LIST)
		kl_html_open(s->html, "ul");
	if (block == FACTS) {
		kl_html_open_class(s->html, "div", "scroll");
		kl_html_open(s->html, "table");
		kl_html_open(s->html, "tbody");
	}
	s->open = block;
}

/* ---- pieces ------------------------------------------------------------------------------------ */

void kl_statement_heading(struct kl_statement *s, const char *id, const char *title)
{
	if (!s->html) {
		fprintf(s->out, "\n%s\n", title);
		return;
	}
	if (s->open != NOTHING) {
		close_block(s);
		kl_html_close(s->html); /* the section before */
	}
	kl_html_open(s->html, "section");
	kl_html_attr(s->html, "id", "%s", id);
	kl_html_put(s->html, "h2", NULL, "%s", title);
	s->open = PLAIN;
}

#define FORMAT_INTO(text, format)                                                                  \
	do {                                                                                       \
		va_list args;                                                                      \
		va_start(args, format);                                                            \
		(void)vsnprintf(text, sizeof(text), format, args);                                 \
		va_end(args);                                                                      \
	} while (0)

void kl_statement_para(struct kl_statement *s, const char *format, ...)
{
	char text[TEXT_MAX];

	FORMAT_INTO(text, format);
	if (!s->html) {
		kl_draw_wrapped(s->out, text, PAGE_WIDTH, 0);
		return;
	}
	close_block(s);
	kl_html_put(s->html, "p", NULL, "%s", text);
}

void kl_statement_item(struct kl_statement *s, const char *format, ...)
{
	char text[TEXT_MAX];

	FORMAT_INTO(text, format);
	if (!s->html) {
		kl_draw_bullet(s->out, "  - ", text);
		return;
	}
	begin_block(s, LIST);
	kl_html_put(s->html, "li", NULL, "%s", text);
}

void kl_statement_fact(struct kl_statement *s, const char *label, const char *format, ...)
{
	char text[TEXT_MAX], line[TEXT_MAX + 64];

	FORMAT_INTO(text, format);
	if (!s->html) {
		(void)snprintf(line, sizeof line, "%s: %s", label, text);
		kl_draw_bullet(s->out, "  ", line);
		return;
	}
	begin_block(s, FACTS);
	kl_html_open(s->html, "tr");
	kl_html_open(s->html, "th");
	kl_html_attr(s->html, "scope", "row");
	kl_html_text(s->html, label);
	kl_html_close(s->html);
	kl_html_put(s->html, "td", NULL, "%s", text);
	kl_html_close(s->html);
}

void kl_statement_question(struct kl_statement *s, const char *question, const char *format, ...)
{
	char text[TEXT_MAX];

	FORMAT_INTO(text, format);
	if (!s->html) {
		fprintf(s->out, "  %s\n", question);
		kl_draw_bullet(s->out, "    ", text);
		return;
	}
	close_block(s);
	kl_html_put(s->html, "h3", NULL, "%s", question);
	kl_html_put(s->html, "p", NULL, "%s", text);
}

/* ---- head and foot ------------------------------------------------------------------------------ */

static const char title[] = "What happens to our figures in a tally";

static void who(const struct kl_value *facts, const char *date, char out[TEXT_MAX])
{
	char member[256], network[256];

	(void)snprintf(out, TEXT_MAX,
		"Statement for data protection by %s, in the network \u201c%s\u201d. %s.",
		kl_cli_text(facts, "member", "this member", member, sizeof member),
		kl_cli_text(facts, "network", "?", network, sizeof network), date);
}

static const char foot[] =
	"Made on the member\u2019s own machine by keeplocal " KL_VERSION
	" from what that machine knows. The page loads nothing from anywhere and tells nobody that "
	"it is read. It holds no figure, neither ours nor anybody else\u2019s.";

void kl_statement_print(FILE *out, const struct kl_value *facts, const char *date)
{
	struct kl_statement s = {.out = out};
	char text[TEXT_MAX];

	fprintf(out, "%s\n", title);
	who(facts, date, text);
	kl_draw_wrapped(out, text, PAGE_WIDTH, 0);
	kl_statement_write(&s, facts);
}

int kl_statement_page(struct kl_html *html, const struct kl_value *facts, const char *date,
	struct kl_bytes *ret_page)
{
	struct kl_statement s = {.html = html};
	char text[TEXT_MAX];

	kl_html_init(html, title, kl_report_css);
	kl_html_open(html, "header");
	kl_html_put(html, "h1", NULL, "%s", title);
	who(facts, date, text);
	kl_html_put(html, "p", "about", "%s", text);
	kl_html_close(html);
	kl_html_open(html, "main");
	kl_statement_write(&s, facts);
	close_block(&s);
	kl_html_close(html); /* the last section */
	kl_html_close(html);
	kl_html_open(html, "footer");
	kl_html_put(html, "p", NULL, "%s", foot);
	return kl_html_end(html, ret_page);
}
