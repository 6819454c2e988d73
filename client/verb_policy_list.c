/* policy list: who has a policy, who uses a route. */
#include "client/draw.h"
#include "client/policy_words.h"
#include "client/request.h"
#include "core/policy.h"

#include <inttypes.h>

static void word_cell(struct kl_table *table, const struct kl_value *row, const char *key,
	const struct kl_slug *words)
{
	char slug[64];

	kl_cli_text(row, key, "-", slug, sizeof slug);
	kl_table_cell(table, "%s", kl_slug_name(words, slug));
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "policies");
	uint64_t n = kl_draw_uint(answer, "count"), left = kl_draw_uint(answer, "left_out");
	struct kl_table table;
	struct kl_value row;
	char number[KL_DRAW_NUMBER_MAX];
	double weight;
	int rc;

	fprintf(cli->out, "%" PRIu64 " polic%s", n, n == 1 ? "y" : "ies");
	kl_draw_policy_filters(cli->out, answer);
	fputs(n ? "\n\n"
		: ": no such policy is published yet. 'keeplocal policy set' says yours.\n",
		cli->out);
	if (!n)
		return KL_OK;
	kl_table_init(&table, "<member <status <class >weight <date");
	while (kl_cursor_next(&cursor, &row)) {
		kl_draw_cell(&table, &row, "member", "?");
		word_cell(&table, &row, "status", kl_policy_statuses);
		kl_draw_cell(&table, &row, "class", "-");
		kl_table_cell(&table, "%s%s", kl_draw_number(&row, "weight_percent", "-", number),
			kl_get_double(&row, "weight_percent", &weight) ? "" : "%");
		kl_draw_cell(&table, &row, "date", "-");
	}
	rc = kl_table_print(&table, cli->out);
	kl_table_deinit(&table);
	if (left)
		fprintf(cli->out,
			"\n%" PRIu64
			" more are not shown: --region, --type and the other options narrow "
			"the list.\n",
			left);
	return rc;
}

static int run(struct kl_cli *cli)
{
	return kl_request_show(cli, "policy list", NULL, draw);
}

static const struct kl_option options[] = {
	KL_POLICY_FILTER_OPTIONS,
	{NULL},
};

const struct kl_command kl_verb_policy_list = {
	.words = "policy list",
	.example = "keeplocal policy list --route \"asset transfer\"",
	.help = "the members that have published a policy, or use a route",
	.options = options,
	.tables = true,
	.run = run,
};
