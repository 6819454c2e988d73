/* assess export: an assessment as a file, for members that are named. */
#include "client/confirm.h"
#include "client/draw.h"
#include "client/request.h"
#include "client/shared_file.h"

#include <inttypes.h>

/* What was shown is what leaves, even if another revision is recorded meanwhile. */
static void fill(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	static const char *const flags[] = {"without-notes", "without-names"};
	static const char *const keys[] = {"without_notes", "without_names"};
	struct kl_writer *w;
	char text[128];
	size_t n = 0;

	while (kl_args_option_at(&cli->args, "for", n))
		n++;
	w = kl_pack_value(pack, "for");
	kl_write_array(w, n);
	for (size_t i = 0; i < n; i++)
		kl_write_text(w, kl_args_option_at(&cli->args, "for", i));
	for (size_t i = 0; i < 2; i++)
		kl_pack_bool(pack, keys[i], kl_args_flag(&cli->args, flags[i]));
	if (!preview) {
		kl_pack_text(pack, "period", kl_args_option(&cli->args, "period"));
		kl_pack_text(pack, "place", kl_args_option(&cli->args, "place"));
		kl_pack_text(pack, "revision", kl_args_option(&cli->args, "revision"));
		return;
	}
	kl_pack_text(pack, "period", kl_cli_text(preview, "period", "", text, sizeof text));
	kl_pack_text(pack, "place", kl_cli_text(preview, "place", "", text, sizeof text));
	(void)snprintf(text, sizeof text, "%" PRIu64, kl_draw_uint(preview, "revision"));
	kl_pack_text(pack, "revision", text);
}

static void draw_count(FILE *out, const struct kl_value *content, const char *key, const char *what)
{
	uint64_t n = kl_draw_uint(content, key);

	if (n)
		fprintf(out, "    %" PRIu64 " %s%s\n", n, what, n == 1 ? "" : "s");
}

static bool has_words(const struct kl_value *content)
{
	return kl_draw_uint(content, "notes") || kl_draw_uint(content, "evidence") ||
	       kl_draw_uint(content, "principles") || kl_draw_uint(content, "strategies");
}

static void draw_content(FILE *out, const struct kl_value *answer)
{
	struct kl_value content;
	char period[32];

	if (kl_get_map(answer, "content", &content))
		return;
	fputs("\n  In it:\n", out);
	draw_count(out, &content, "scores", "score");
	draw_count(out, &content, "statements", "answered statement");
	draw_count(out, &content, "notes", "note");
	draw_count(out, &content, "evidence", "link to evidence");
	draw_count(out, &content, "principles", "note on a principle");
	draw_count(out, &content, "strategies", "strategy");
	if (!kl_draw_flag(answer, "words"))
		fputs("    nothing in your own words (--without-notes)\n", out);
	else if (has_words(&content))
		fprintf(out,
			"    --without-notes leaves out what is in your own words. They may name "
			"people: read\n    them first (keeplocal assess show --period %s)\n",
			kl_cli_text(answer, "period", "YEAR", period, sizeof period));
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char period[32], place[128];

	fprintf(cli->out, "Assessment of %s", kl_cli_text(answer, "period", "?", period, 32));
	if (kl_cli_text(answer, "place", "", place, sizeof place)[0])
		fprintf(cli->out, ", %s", place);
	fprintf(cli->out, ", revision %" PRIu64 "\n\n", kl_draw_uint(answer, "revision"));
	kl_draw_joined(cli->out, "  For", answer, "for", "\n");
	kl_draw_joined(cli->out, "  Assessors", answer, "assessors", "\n");
	if (kl_draw_count(answer, "owners"))
		kl_draw_joined(cli->out, "  Who sees to next actions", answer, "owners", "\n");
	draw_content(cli->out, answer);
	fputs("\nWhoever has the file can read it, and pass it on: send it only to those whom it "
	      "is "
	      "for.\nWhat has been sent cannot be called back.\n",
		cli->out);
	return KL_OK;
}

static int carry(struct kl_cli *cli, const struct kl_value *answer)
{
	const char *path = kl_args_option(&cli->args, "out");
	struct kl_value file;
	int rc = kl_get_map(answer, "file", &file);

	if (rc)
		return kl_fault(&cli->fault, KL_E_MALFORMED, "the daemon's answer holds no file");
	return kl_shared_file_write(path, &file, &cli->fault);
}

static int run(struct kl_cli *cli)
{
	static const struct kl_deed deed = {.command = "assess export",
		.fill = fill,
		.draw = draw,
		.carry = carry,
		.question = "Write this file?",
		.done = "Written. They read it with: keeplocal assess joint FILE"};
	const char *path = kl_args_option(&cli->args, "out");
	int rc = KL_OK;

	if (!path && !kl_args_flag(&cli->args, "dry-run")) {
		kl_fault(&cli->fault, KL_E_USAGE, "where to? --out FILE is needed");
		return kl_fault_hint(
			&cli->fault, "--dry-run shows what would leave, and writes nothing");
	}
	if (path)
		rc = kl_shared_file_free(path, &cli->fault);
	return rc ? rc : kl_confirm_deed(cli, &deed);
}

static const struct kl_option options[] = {
	{"out", "FILE", "the file that is to be written, such as 2026-for-example-trust.json"},
	{"for", "NAME", "whom it is for: a council or an anchor", true},
	{"period", "YEAR", "the latest, if not given"},
	{"place", "PLACE", "a part of the area"},
	{"revision", "N", "as it stood then"},
	{"without-notes", NULL, "scores and answers only, nothing in your own words"},
	{"without-names", NULL,
		"\"assessor 1\" instead of the assessors' names, and nobody who sees to actions"},
	KL_DEED_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_assess_export = {
	.words = "assess export",
	.example = "keeplocal assess export --for \"Example Trust\" --out for-example-trust.json",
	.help = "an assessment as a file for members that you name, after a preview",
	.more = "Council and anchors of a place are too few to be counted unseen: they exchange "
		"their\n"
		"assessments by name and consent. The file is signed, so that whoever reads it "
		"knows whose\n"
		"it is and that nobody changed it. Nothing is sent: that is for you to do.",
	.options = options,
	.run = run,
};
