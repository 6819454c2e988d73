#include "client/post_deeds.h"
#include "client/confirm.h"
#include "client/draw.h"
#include "client/post_text.h"

#include <stdlib.h>

/* ---- publish --------------------------------------------------------------------------------- */

static void say_id(struct kl_cli *cli, const struct kl_value *answer)
{
	char id[32];

	fprintf(cli->out, "\nIts id is %s.\n", kl_cli_text(answer, "id", "?", id, sizeof id));
}

static int draw_add(struct kl_cli *cli, const struct kl_value *answer)
{
	char id[32], title[KL_DRAW_TEXT_MAX], member[256];

	if (kl_cli_text(answer, "about_title", "", title, sizeof title)[0])
		fprintf(cli->out, "An answer to \"%s\", of %s:\n", title,
			kl_cli_text(answer, "about_member", "?", member, sizeof member));
	kl_draw_post(cli->out, answer);
	if (kl_cli_text(answer, "same_title", "", id, sizeof id)[0])
		fprintf(cli->out,
			"\nYou have published one of this title already (%s): that one can be "
			"corrected.\n",
			id);
	if (kl_draw_flag(answer, "published")) /* nobody saw a preview */
		say_id(cli, answer);
	else
		kl_draw_post_preview(cli->out, answer);
	return KL_OK;
}

/* After a preview the post is not drawn again. */
static int tell_id(struct kl_cli *cli, const struct kl_value *answer)
{
	if (!cli->json && !kl_args_flag(&cli->args, "yes"))
		say_id(cli, answer);
	return KL_OK;
}

static void fill_add(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	(void)preview;
	kl_post_pack(cli, pack, cli->carried);
}

static void fill_titled(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	kl_pack_text(pack, "title", cli->args.operands[0]);
	fill_add(cli, pack, preview);
}

static void fill_about(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	kl_pack_text(pack, "about", cli->args.operands[0]);
	fill_add(cli, pack, preview);
}

static int with_text(struct kl_cli *cli, const struct kl_deed *deed)
{
	char *text;
	int rc = kl_post_text_read(cli, &text);

	if (rc)
		return rc;
	cli->carried = text;
	rc = kl_confirm_deed(cli, deed);
	cli->carried = NULL;
	free(text);
	return rc;
}

static int publish(struct kl_cli *cli, const char *command,
	void (*fill)(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview))
{
	const struct kl_deed deed = {.command = command,
		.fill = fill,
		.draw = draw_add,
		.carry = tell_id,
		.question = "Publish it?",
		.done = "Published."};

	return with_text(cli, &deed);
}

int kl_post_add(struct kl_cli *cli, const char *command)
{
	return publish(cli, command, fill_add);
}

int kl_post_add_titled(struct kl_cli *cli, const char *command)
{
	return publish(cli, command, fill_titled);
}

int kl_post_add_about(struct kl_cli *cli, const char *command)
{
	return publish(cli, command, fill_about);
}

/* ---- correct --------------------------------------------------------------------------------- */

static int draw_correct(struct kl_cli *cli, const struct kl_value *answer)
{
	kl_draw_post(cli->out, answer);
	if (kl_draw_flag(answer, "unchanged"))
		fputs("\nThis is what it says already: nothing changes.\n", cli->out);
	else if (!kl_draw_flag(answer, "published"))
		kl_draw_post_preview(cli->out, answer);
	return KL_OK;
}

static void fill_correct(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	(void)preview;
	kl_pack_text(pack, "id", cli->args.operands[0]);
	kl_post_pack(cli, pack, cli->carried);
}

int kl_post_correct(struct kl_cli *cli, const char *command)
{
	const struct kl_deed deed = {.command = command,
		.fill = fill_correct,
		.draw = draw_correct,
		.question = "Put it in the place of the old text?",
		.done = "Corrected."};

	return with_text(cli, &deed);
}

/* ---- withdraw -------------------------------------------------------------------------------- */

static int draw_withdraw(struct kl_cli *cli, const struct kl_value *answer)
{
	char title[256];

	fprintf(cli->out,
		"%s\n\nIts text is erased here at once, and on other machines as soon as they hear "
		"of it. That\nsomething stood there, and when, stays known; and so does whatever "
		"somebody copied or printed.\n",
		kl_cli_text(answer, "title", "?", title, sizeof title));
	return KL_OK;
}

static void fill_withdraw(struct kl_cli *cli, struct kl_pack *pack, const struct kl_value *preview)
{
	(void)preview;
	kl_pack_text(pack, "id", cli->args.operands[0]);
}

int kl_post_withdraw(struct kl_cli *cli, const char *command)
{
	const struct kl_deed deed = {.command = command,
		.fill = fill_withdraw,
		.draw = draw_withdraw,
		.question = "Take it back, for good?",
		.done = "Withdrawn."};

	return kl_confirm_deed(cli, &deed);
}
