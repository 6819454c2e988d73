/* network members, network charter: what everybody may see of the roster. */
#include "client/amount.h"
#include "client/draw.h"
#include "client/parts.h"
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

static void draw_forked(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "members");
	struct kl_value m;
	bool any = false;

	if (kl_draw_flag(answer, "roster_forked"))
		fputs("\nThe convenor has signed two different records for one place of the "
		      "roster: "
		      "this is the roster\n  as it was there, and nothing that the convenor says "
		      "from then on counts.\n",
			cli->out);
	while (!any && kl_cursor_next(&cursor, &m))
		any = kl_draw_flag(&m, "forked");
	if (any)
		fputs("\nforked: two different records were signed for one place of its feed, by "
		      "two machines\n  with one home or an old copy that was put back. Nothing "
		      "behind that place counts until\n  the convenor resets it: keeplocal "
		      "network reset MEMBER\n",
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
	if (!count) {
		free(members);
		fputs("Nobody on the roster fits. All: keeplocal network members; a convenor takes "
		      "members in: keeplocal network admit\n",
			cli->out);
		return KL_OK;
	}
	fprintf(cli->out, "%s, %zu member%s\n\n",
		kl_cli_text(answer, "network", "network", network, sizeof network), count,
		count == 1 ? "" : "s");
	kl_table_init(&table, "<name <kind <type <region <place <state <");
	for (const struct kl_value *m = members; m < members + count; m++) {
		kl_draw_cell(&table, m, "name", "?");
		kl_draw_cell(&table, m, "kind", "?");
		words_cell(&table, m, "type", kl_council_types);
		words_cell(&table, m, "region", kl_regions);
		kl_draw_cell(&table, m, "place", "");
		if (kl_draw_flag(m, "forked"))
			kl_table_cell(&table, "forked");
		else
			kl_draw_cell(&table, m, "state", "?");
		kl_table_cell(&table, "%s", kl_draw_flag(m, "linked") ? "linked" : "");
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	free(members);
	draw_forked(cli, answer);
	draw_pairs(cli, answer);
	return rc;
}

static int run_members(struct kl_cli *cli)
{
	static const char *const keys[] = {"words", NULL};
	struct kl_parts parts;
	int rc = kl_parts_fetch(cli, "network members", keys, "members", KL_PARTS_ALL, &parts);

	if (!rc)
		rc = kl_parts_give(cli, &parts, draw_members);
	kl_parts_deinit(&parts);
	return rc;
}

static const struct kl_option members_options[] = {
	{"kind", "KIND", "only councils or anchors"},
	{"type", "TYPE", "only councils of that type: county, unitary, metropolitan district, ..."},
	{"region", "REGION", "only those of a region, such as West Midlands"},
	{NULL},
};

const struct kl_command kl_verb_network_members = {
	.words = "network members",
	.operands = "[WORDS]",
	.example = "keeplocal network members --kind council --region \"South West\"",
	.help = "who is on the network, as the convenor confirmed it",
	.more = "WORDS are a part of the name. Who does what where, say profiles: keeplocal find",
	.options = members_options,
	.operands_max = 1,
	.tables = true,
	.run = run_members,
};

/* ---- charter ------------------------------------------------------------------------------- */

static void draw_time(FILE *out, const char *what, uint64_t seconds)
{
	char span[KL_SPAN_TEXT_MAX];

	fprintf(out, "%s %s.\n", what, kl_span(seconds, span));
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
	if (kl_draw_count(answer, "cohorts"))
		fputs("Shown for, the first as finely as can be:\n", cli->out);
	kl_draw_texts(cli->out, "  ", answer, "cohorts");
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
		"decide_for      how long its committee may take after that, such as 1w\n"
		"cohorts         whom benchmarks are about, in order of priority, such as\n"
		"                everybody,councils,anchors,region=Wales; without any (cohorts=),\n"
		"                whoever calls a tally chooses",
	.operands_min = 1,
	.operands_max = KL_COMMAND_OPERANDS_ANY,
	.run = run_charter,
};
