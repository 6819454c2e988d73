#include "client/request.h"

#include <string.h>

enum { KEY_MAX = 64 };

static void key_of(const char *option, char out[KEY_MAX])
{
	(void)kl_copy_text(out, KEY_MAX, option);
	for (char *c = out; *c; c++)
		if (*c == '-')
			*c = '_';
}

static void add_list(const struct kl_cli *cli, struct kl_pack *pack, const char *option)
{
	char key[KEY_MAX];
	struct kl_writer *w;
	size_t n = 0;

	while (kl_args_option_at(&cli->args, option, n))
		n++;
	if (!n)
		return;
	key_of(option, key);
	w = kl_pack_value(pack, key);
	kl_write_array(w, n);
	for (size_t i = 0; i < n; i++)
		kl_write_text(w, kl_args_option_at(&cli->args, option, i));
}

void kl_request_option(
	const struct kl_cli *cli, struct kl_pack *pack, const struct kl_option *option)
{
	char key[KEY_MAX];

	key_of(option->name, key);
	if (option->many)
		add_list(cli, pack, option->name);
	else if (option->value)
		kl_pack_text(pack, key, kl_args_option(&cli->args, option->name));
	else if (kl_args_flag(&cli->args, option->name))
		kl_pack_bool(pack, key, true);
}

void kl_request_options(const struct kl_cli *cli, struct kl_pack *pack)
{
	const struct kl_option *option = cli->args.command->options;

	for (; option && option->name; option++)
		kl_request_option(cli, pack, option);
}

void kl_request_operands(
	const struct kl_cli *cli, struct kl_pack *pack, const char *key, size_t first)
{
	const struct kl_args *args = &cli->args;
	struct kl_writer *w;

	if (args->operand_count <= first)
		return;
	w = kl_pack_value(pack, key);
	kl_write_array(w, args->operand_count - first);
	for (size_t i = first; i < args->operand_count; i++)
		kl_write_text(w, args->operands[i]);
}

int kl_request_show(struct kl_cli *cli, const char *command, const char *const *keys,
	int (*draw)(struct kl_cli *cli, const struct kl_value *answer))
{
	struct kl_pack pack;
	int rc;

	kl_pack_init(&pack);
	for (size_t i = 0; keys && keys[i] && i < cli->args.operand_count; i++)
		kl_pack_text(&pack, keys[i], cli->args.operands[i]);
	kl_request_options(cli, &pack);
	rc = kl_cli_show(cli, command, &pack, draw);
	kl_pack_deinit(&pack);
	return rc;
}
