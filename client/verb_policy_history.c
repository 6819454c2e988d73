/* policy history: what changed from version to version. */
#include "client/draw.h"
#include "client/draw_policy.h"
#include "client/request.h"

#include <inttypes.h>

static void draw_version(FILE *out, const struct kl_value *version)
{
	struct kl_value changes;
	char day[32];

	fprintf(out, "\nVersion %" PRIu64 ", %s%s\n", kl_draw_uint(version, "version"),
		kl_cli_text(version, "published", "at an unknown time", day, sizeof day),
		kl_draw_flag(version, "withdrawn") ? ": withdrawn, what it said is erased" : "");
	if (kl_draw_flag(version, "withdrawn"))
		return;
	if (kl_get_array(version, "changes", &changes))
		fputs("  what changed cannot be told: the version before is not here\n", out);
	else if (!changes.count)
		fputs("  nothing changed\n", out);
	else
		kl_draw_policy_changes(out, version);
}

static int draw(struct kl_cli *cli, const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "versions");
	uint64_t earlier = kl_draw_uint(answer, "earlier");
	struct kl_value version;
	char member[256];

	fprintf(cli->out, "The social value policy of %s, the newest version first\n",
		kl_cli_text(answer, "member", "?", member, sizeof member));
	while (kl_cursor_next(&cursor, &version))
		draw_version(cli->out, &version);
	if (earlier)
		fprintf(cli->out, "\n%" PRIu64 " earlier version%s not shown.\n", earlier,
			earlier == 1 ? " is" : "s are");
	return KL_OK;
}

static int run(struct kl_cli *cli)
{
	static const char *const keys[] = {"member", NULL};

	return kl_request_show(cli, "policy history", keys, draw);
}

const struct kl_command kl_verb_policy_history = {
	.words = "policy history",
	.operands = "[MEMBER]",
	.example = "keeplocal policy history Calderdale",
	.help = "what changed in a member's policy from version to version; without a name, in "
		"yours",
	.operands_max = 1,
	.tables = true,
	.run = run,
};
