#include "client/help.h"
#include "client/table.h"
#include "core/error.h"

#include <string.h>

enum { LINE_WIDTH = 96 }; /* bytes: help has few letters that take two */

static bool in_group(const struct kl_command *command, const char *group)
{
	size_t len = group ? strlen(group) : 0;

	if (!group)
		return true;
	return !strncmp(command->words, group, len) &&
	       (command->words[len] == ' ' || !command->words[len]);
}

static bool one_family(const struct kl_command *a, const struct kl_command *b)
{
	size_t len = strcspn(a->words, " ");

	return len == strcspn(b->words, " ") && !strncmp(a->words, b->words, len);
}

/* Commands that share their first word stand together, with a line left free around them. */
static bool begins_family(size_t i)
{
	const struct kl_command *const *at = &kl_commands[i];

	return i && !one_family(at[-1], at[0]) &&
	       ((i > 1 && one_family(at[-2], at[-1])) || (at[1] && one_family(at[0], at[1])));
}

static void add_options(struct kl_table *table, const struct kl_option *options)
{
	for (; options && options->name; options++) {
		kl_table_cell(table, "  --%s%s%s%s", options->name, options->value ? " " : "",
			options->value ? options->value : "", options->many ? " ..." : "");
		kl_table_cell(table, "%s", options->help);
	}
}

/* One table of two lists; the second may be NULL. */
static int print_options(const struct kl_option *options, const struct kl_option *more, FILE *out)
{
	struct kl_table table;
	int rc;

	kl_table_init(&table, "< <");
	add_options(&table, options);
	add_options(&table, more);
	rc = kl_table_print(&table, out);
	kl_table_deinit(&table);
	return rc;
}

int kl_help_list(const char *group, FILE *out)
{
	struct kl_table table;
	int rc;

	if (!group)
		fputs("Example: keeplocal status\n\n"
		      "keeplocal COMMAND [OPERAND]... [--OPTION VALUE]...\n\n",
			out);
	kl_table_init(&table, "< <");
	for (size_t i = 0; kl_commands[i]; i++) {
		if (!in_group(kl_commands[i], group))
			continue;
		if (!group && begins_family(i)) {
			kl_table_cell(&table, "%s", "");
			kl_table_cell(&table, "%s", "");
		}
		kl_table_cell(&table, "  %s", kl_commands[i]->words);
		kl_table_cell(&table, "%s", kl_commands[i]->help);
	}
	rc = kl_table_print(&table, out);
	kl_table_deinit(&table);
	if (rc)
		return rc;
	fputs("\nEverywhere:\n", out);
	rc = print_options(kl_global_options, NULL, out);
	fprintf(out, "\nkeeplocal help %s%sexplains one of them.\n", group ? group : "",
		group ? " ... " : "COMMAND ");
	return rc;
}

/* Line by line as it was written; a line that is too long goes on in the next. */
static void print_wrapped(const char *text, FILE *out)
{
	while (*text) {
		size_t len = strcspn(text, "\n"), end = len;

		if (len > LINE_WIDTH) {
			end = LINE_WIDTH;
			while (end && text[end] != ' ')
				end--;
			end = end ? end : len;
		}
		fprintf(out, "%.*s\n", (int)end, text);
		text += end + (text[end] == ' ' || text[end] == '\n');
	}
}

int kl_help_command(const struct kl_command *command, FILE *out)
{
	bool options = (command->options && command->options[0].name) || command->tables;
	int rc;

	fprintf(out, "Example: %s\n\n", command->example);
	fprintf(out, "keeplocal %s%s%s%s\n", command->words, command->operands ? " " : "",
		command->operands ? command->operands : "", options ? " [--OPTION VALUE]..." : "");
	fprintf(out, "%s\n", command->help);
	if (command->more) {
		fputc('\n', out);
		print_wrapped(command->more, out);
	}
	if (options) {
		fputs("\nOptions:\n", out);
		rc = print_options(
			command->options, command->tables ? kl_table_options : NULL, out);
		if (rc)
			return rc;
	}
	fputs("\nEverywhere:\n", out);
	return print_options(kl_global_options, NULL, out);
}
