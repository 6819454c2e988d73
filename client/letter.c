#include "client/letter.h"
#include "client/html.h"
#include "core/error.h"

#include <stdbool.h>

static const char style[] =
	"body{font:11pt/1.45 Georgia,'Times New Roman',serif;color:#111;max-width:42em;"
	"margin:2em auto;padding:0 1.2em}"
	"h1{font-size:1.15em;margin:1.6em 0 .8em}"
	".head{display:flex;justify-content:space-between;gap:2em}"
	".form{border:1.5px solid #111;padding:.4em 1.2em 1em;margin-top:2em;"
	"break-inside:avoid}"
	".form h2{font-size:1em;margin:.6em 0}"
	".line{border-bottom:1px solid #111;display:inline-block;min-width:5em}"
	"@page{size:A4;margin:18mm}"
	"@media print{body{margin:0;padding:0;max-width:none}}";

/* Pieces one after the other: HTML of ours and plain text in turns, HTML first. */
static void write_pieces(FILE *out, const char *const *pieces)
{
	for (size_t i = 0; pieces[i]; i++)
		if (i % 2)
			kl_html_escape(out, pieces[i]);
		else
			fputs(pieces[i], out);
}

#define PIECES(out, ...) write_pieces(out, (const char *const[]){__VA_ARGS__, NULL})

static void head(FILE *out, const struct kl_letter *l)
{
	PIECES(out,
		"<!doctype html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>",
		l->project, ": a letter to ", l->supplier, "</title><style>", "", style, "",
		"</style></head>\n<body>\n<div class=\"head\"><div><strong>", l->from,
		"</strong></div><div>", l->date, "</div></div>\n<p>", l->contact,
		l->contact[0] ? "<br>" : "", l->supplier, "</p>\n");
}

static void why(FILE *out, const struct kl_letter *l)
{
	bool known = l->contact[0];

	PIECES(out,
		"<h1>Where does the money go that we spend with you? Two questions are "
		"coming</h1>\n<p>Dear ",
		known ? l->contact : "all at ", "", known ? "" : l->supplier, ",</p>\n<p>", l->from,
		" buys from you. For ", l->project, " (", l->period,
		") we are working out how much of each pound that reaches us is spent again in ",
		l->area,
		": by us, by our staff, and by those whom we buy from. Our own books tell us that "
		"you were paid. What becomes of the money afterwards, only you can tell.</p>\n");
	PIECES(out,
		"<p>In the next days you will get a short form from us: two questions, a few "
		"minutes. A fair guess is enough. Please look out for it; it is not an "
		"advertisement, and every answer makes the result more certain.</p>\n"
		"<p>What you tell us is used for this sum only. It stays in our own records; "
		"nothing "
		"about a single supplier is published or passed on.</p>\n"
		"<p>You may also answer right now, at the foot of this letter.</p>\n"
		"<p>With thanks,</p>\n<p>",
		l->signer[0] ? l->signer : l->from, l->signer[0] ? "<br>" : "",
		l->signer[0] ? l->from : "", "</p>\n");
}

static void form(FILE *out, const struct kl_letter *l)
{
	PIECES(out, "<div class=\"form\"><h2>", l->project, ": two questions to ", l->supplier,
		"</h2>\n<p>1. Is your place of business in ", l->area,
		"? &nbsp; &#9744; yes &nbsp; &#9744; no</p>\n"
		"<p>2. Of every &pound;100 that you take in, about how many pounds do you spend "
		"again "
		"in ",
		l->area,
		": on pay of people who live there, on suppliers that are there, on rent and other "
		"costs that stay there?</p>\n<p>&pound; <span class=\"line\">&nbsp;</span> of "
		"&pound;100</p>\n<p>Please give it back",
		"", l->reply_to[0] ? " to <strong>" : " to whom you have it from", l->reply_to,
		l->reply_to[0] ? "</strong>" : "", "", l->by[0] ? " by <strong>" : "", l->by,
		l->by[0] ? "</strong>" : "", "", ".</p></div>\n</body></html>\n");
}

int kl_letter_write(FILE *out, const struct kl_letter *letter)
{
	head(out, letter);
	why(out, letter);
	form(out, letter);
	return ferror(out) ? KL_E_IO : KL_OK;
}
