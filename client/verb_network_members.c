/* network members, network charter: what everybody may see of the roster. */
#include "client/draw.h"
#include "client/request.h"
#include "core/profile.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- members ------------------------------------------------------------------------------- */

/* What the roster says in one of fixed words, in plain ones. */
static void words_cell(struct kl_table *table, const struct kl_value *member, const char *key,
	const struct kl_slug *words)
{
	char text[KL_DRAW_TEXT_MAX];

	kl_cli_text(member, key, "", text, sizeof text);
	for (; words->slug && strcmp(words->slug, text) != 0; words++)
		continue;
	kl_table_cell(table, "%s", words->slug ? words->name : text);
}

static int by_kind_and_name(const void *a, const void *b)
{
	static const char *const keys[] = {"kind", "name"};
	char left[256], right[256];
	int order = 0;

	for (size_t i = 0; !order && i < sizeof keys / sizeof *keys; i++)
		order = strcasecmp(kl_cli_text(a, keys[i], "", left, sizeof left),
			kl_cli_text(b, keys[i], "", right, sizeof right));
	return order;
}

/* The members of an answer in the order in which people look for them; to be freed. */
static struct kl_value *sorted(const struct kl_value *answer, size_t count)
{
	struct kl_cursor cursor = kl_draw_items(answer, "members");
	struct kl_value *members = calloc(count + 1, sizeof *members);

	for (size_t i = 0; members && i < count && kl_cursor_next(&cursor, &members[i]); i++)
		continue;
	if (members)
		qsort(members, count, sizeof *members, by_kind_and_name);
	return members;
}

/* Pairs that may be one organisation. */
static void draw_pairs(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "alike");
	char one[256], other[256], why[512];
	struct kl_value pair;

	if (!kl_draw_count(answer, "alike"))
		return;
	fputs("\nMay be one organisation twice (a hint of keeplocal's own):\n", cli->out);
	while (kl_cursor_next(&cursor, &pair))
		fprintf(cli->out, "  %s and %s: %s\n",
			kl_cli_text(&pair, "one", "?", one, sizeof one),
			kl_cli_text(&pair, "other", "?", other, sizeof other),
			kl_cli_text(&pair, "why", "?", why, sizeof why));
	fputs("  The convenor can ask both, and take one off the roster: keeplocal network retire "
	      "NAME\n",
		cli->out);
}

static int draw_members(struct kl_cli *cli, const struct kl_value *answer)
{
	size_t count = kl_draw_count(answer, "members");
	struct kl_value *members = sorted(answer, count);
	struct kl_table table;
	char network[256];
	int rc;

	if (!members)
		return kl_fault(&cli->fault, KL_E_NOMEM, "no memory for the members");

	fprintf(cli->out, "%s, %zu member%s\n\n",
		kl_cli_text(answer, "network", "network", network, sizeof network), count,
		count == 1 ? "" : "s");
	kl_table_init(&table, "<name <kind <type <region <state <");
	for (const struct kl_value *m = members; m < members + count; m++) {
		kl_draw_cell(&table, m, "name", "?");
		kl_draw_cell(&table, m, "kind", "?");
		words_cell(&table, m, "type", kl_council_types);
		words_cell(&table, m, "region", kl_regions);
		kl_draw_cell(&table, m, "state", "?");
		kl_table_cell(&table, "%s", kl_draw_flag(m, "linked") ? "linked" : "");
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	free(members);
	draw_pairs(cli, answer);
	return rc;
}

/* A long roster comes in several answers; they are put together here. */
struct roster {
	struct kl_writer rows, alike; /* `alike` as the first answer has it */
	size_t count;
	char network[256], next[80]; /* next: empty after the last answer */
	bool convenor_linked;
};

static int take_answer(struct kl_cli *cli, const struct kl_value *answer, struct roster *roster)
{
	struct kl_cursor cursor = kl_draw_items(answer, "members");
	struct kl_value member;

	kl_cli_text(answer, "network", "", roster->network, sizeof roster->network);
	kl_cli_text(answer, "next", "", roster->next, sizeof roster->next);
	roster->convenor_linked = kl_draw_flag(answer, "convenor_linked");
	if (roster->next[0] && !kl_draw_count(answer, "members"))
		return kl_fault(&cli->fault, KL_E_MALFORMED,
			"the daemon announces members that it does not send");
	if (!kl_map_get(answer, "alike", &member) && member.type == KL_WIRE_ARRAY)
		kl_write_raw(&roster->alike, member.raw);
	while (kl_cursor_next(&cursor, &member)) {
		kl_write_raw(&roster->rows, member.raw);
		roster->count++;
	}
	return KL_OK;
}

static int fetch(struct kl_cli *cli, struct roster *roster)
{
	struct kl_value answer;
	int rc;

	do {
		struct kl_pack pack;

		kl_pack_init(&pack);
		if (roster->next[0])
			kl_pack_text(&pack, "after", roster->next);
		rc = kl_cli_ask(cli, "network members", &pack, &answer);
		kl_pack_deinit(&pack);
		if (!rc)
			rc = take_answer(cli, &answer, roster);
	} while (!rc && roster->next[0]);
	return rc;
}

static int show(struct kl_cli *cli, const struct roster *roster, struct kl_writer *w)
{
	struct kl_bytes bytes;
	struct kl_value whole;
	int rc = kl_writer_bytes(&roster->rows, &bytes);

	kl_write_map(w, 4);
	kl_put_text(w, "network", roster->network[0] ? roster->network : NULL);
	kl_put_bool(w, "convenor_linked", roster->convenor_linked);
	kl_put_array(w, "members", roster->count);
	if (!rc && bytes.len)
		kl_write_raw(w, bytes);
	kl_write_text(w, "alike");
	rc = rc ? rc : kl_writer_bytes(&roster->alike, &bytes);
	if (!rc && bytes.len)
		kl_write_raw(w, bytes);
	else
		kl_write_nil(w);
	if (rc || (rc = kl_writer_bytes(w, &bytes)) || (rc = kl_value_open(bytes, &whole)))
		return kl_fault(&cli->fault, rc, "the roster: %s", kl_error_text(rc));
	return kl_cli_give(cli, &whole, draw_members);
}

static int run_members(struct kl_cli *cli)
{
	struct roster roster = {0};
	struct kl_writer w;
	int rc;

	kl_writer_init(&roster.rows);
	kl_writer_init(&roster.alike);
	kl_writer_init(&w);
	rc = fetch(cli, &roster);
	if (!rc)
		rc = show(cli, &roster, &w);
	kl_writer_deinit(&w);
	kl_writer_deinit(&roster.rows);
	kl_writer_deinit(&roster.alike);
	return rc;
}

const struct kl_command kl_verb_network_members = {
	.words = "network members",
	.example = "keeplocal network members",
	.help = "who is on the network, as the convenor confirmed it",
	.tables = true,
	.run = run_members,
};

/* ---- charter ------------------------------------------------------------------------------- */

static void draw_time(FILE *out, const char *what, uint64_t seconds)
{
	if (seconds && seconds % 86400 == 0)
		fprintf(out, "%s %" PRIu64 " days.\n", what, seconds / 86400);
	else
		fprintf(out, "%s %" PRIu64 " seconds.\n", what, seconds);
}

static int draw_charter(struct kl_cli *cli, const struct kl_value *answer)
{
	(void)kl_draw_unpublished(cli->out, answer);
	fprintf(cli->out, "No benchmark of fewer than %" PRIu64 " members.\n",
		kl_draw_uint(answer, "minimum"));
	draw_time(cli->out, "Members may contribute for",
		kl_draw_uint(answer, "contribute_for_seconds"));
	draw_time(cli->out, "The committee decides within",
		kl_draw_uint(answer, "decide_for_seconds"));
	if (kl_draw_count(answer, "metrics"))
		fputs("Counted by default:\n", cli->out);
	kl_draw_texts(cli->out, "  ", answer, "metrics");
	return KL_OK;
}

static int run_charter(struct kl_cli *cli)
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	kl_request_operands(cli, &pack, "set", 0);
	kl_request_options(cli, &pack);
	rc = kl_cli_show(cli, "network charter", &pack, draw_charter);
	kl_pack_deinit(&pack);
	return rc;
}

const struct kl_command kl_verb_network_charter = {
	.words = "network charter",
	.example = "keeplocal network charter",
	.help = "the network's rules: how many members a benchmark needs, and how long tallies "
		"last",
	.tables = true,
	.run = run_charter,
};

const struct kl_command kl_verb_network_charter_show = {
	.words = "network charter show",
	.example = "keeplocal network charter show",
	.help = "the network's rules, as 'network charter' alone shows them",
	.tables = true,
	.run = run_charter,
};

static const struct kl_option set_options[] = {
	{"dry-run", NULL, "only show the charter as it would be"},
	{NULL},
};

const struct kl_command kl_verb_network_charter_set = {
	.words = "network charter set",
	.operands = "NAME=VALUE...",
	.example = "keeplocal network charter set minimum=10 contribute_for=3w decide_for=1w",
	.help = "change the rules, as the convenor",
	.options = set_options,
	.more = "minimum         how many members a benchmark needs: 5 or more, usually 10\n"
		"contribute_for  how long members may contribute to a tally, such as 3w\n"
		"decide_for      how long its committee may take after that, such as 1w",
	.operands_min = 1,
	.operands_max = KL_COMMAND_OPERANDS_ANY,
	.run = run_charter,
};
