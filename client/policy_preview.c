#include "client/policy_preview.h"
#include "client/draw.h"
#include "client/draw_policy.h"

#include <string.h>

static bool says_weight(const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "fields");
	struct kl_value field;
	char name[64];

	while (kl_cursor_next(&cursor, &field))
		if (!strcmp(kl_cli_text(&field, "field", "", name, sizeof name), "weight_percent"))
			return true;
	return false;
}

/* Whether anything was said before. */
static bool replaces(const struct kl_value *answer)
{
	struct kl_cursor cursor = kl_draw_items(answer, "changes");
	struct kl_value change, before;

	while (kl_cursor_next(&cursor, &change))
		if (!kl_map_get(&change, "before", &before) && before.type != KL_WIRE_NIL)
			return true;
	return false;
}

static void draw_consequences(struct kl_cli *cli, const struct kl_value *answer)
{
	bool public_now = kl_draw_flag(answer, "public");

	fputs(public_now ? "\nIt stands under your name, for everybody in the network to see.\n"
			 : "\nYou are in no network yet: it is kept here, and published under your "
			   "name once you are on a\nroster.\n",
		cli->out);
	if (says_weight(answer))
		fprintf(cli->out,
			"Its weight in scoring is public with it: %s you do not count towards the "
			"minimum of a\ntally of policy.weight any more, also if you withdraw it.\n",
			public_now ? "from now on" : "from then on");
}

int kl_policy_preview_draw(struct kl_cli *cli, const struct kl_value *answer)
{
	char member[256];

	fprintf(cli->out, "The social value policy of %s\n\n",
		kl_cli_text(answer, "member", "?", member, sizeof member));
	kl_draw_policy(cli->out, answer);
	if (kl_draw_flag(answer, "unchanged")) {
		fputs("\nThis is how it stands already: nothing changes.\n", cli->out);
		return KL_OK;
	}
	if (replaces(answer)) {
		fputs("\nWhat changes:\n", cli->out);
		kl_draw_policy_changes(cli->out, answer);
	}
	draw_consequences(cli, answer);
	return KL_OK;
}

void kl_policy_preview_seen(struct kl_pack *pack, const struct kl_value *preview)
{
	char draft[KL_ID_HEX_MAX];

	if (preview && !kl_get_text(preview, "draft", draft, sizeof draft))
		kl_pack_text(pack, "draft", draft);
}
