/* plan history: what each revision of a plan changed. */
#include "client/draw.h"
#include "client/request.h"

#include <inttypes.h>

static void draw_revision(FILE *out, const struct kl_value *row)
{
	fprintf(out, "  revision %" PRIu64 "\n", kl_draw_uint(row, "revision"));
	kl_draw_joined(out, "    written down", row, "changed", "\n");
	kl_draw_joined(out, "    emptied", row, "emptied", "\n");
	kl_draw_joined(out, "    followed from then on", row, "chosen", "\n");
	kl_draw_joined(out, "    no longer followed", row, "no_longer", "\n");
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "revisions");
	uint64_t earlier = kl_draw_uint(answer, "earlier");
	struct kl_value row;
	char name[128];

	fprintf(cli->out, "Plan \"%s\"\n\n", kl_cli_text(answer, "plan", "?", name, sizeof name));
	if (earlier)
		fprintf(cli->out, "  %" PRIu64 " earlier revision%s, and then\n", earlier,
			earlier == 1 ? "" : "s");
	while (kl_cursor_next(&cursor, &row))
		draw_revision(cli->out, &row);
	fputs("\nThe words of one: keeplocal plan --revision N\n", cli->out);
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	static const char *const keys[] = {"plan", NULL};

	return kl_request_show(cli, "plan history", keys, draw);
}

const struct kl_command kl_verb_plan_history = {
	.words = "plan history",
	.operands = "[NAME]",
	.example = "keeplocal plan history",
	.help = "what each revision of a plan changed, the latest last",
	.operands_max = 1,
	.tables = true,
	.run = run,
};
