#include "client/args.h"
#include "core/money.h"
#include "core/words.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- did you mean -------------------------------------------------------------------------- */

static const char *command_spelling(const void *context, size_t index, size_t which)
{
	(void)context;
	return which == 0 ? kl_commands[index]->words : NULL;
}

static int unknown_command(struct kl_fault *fault, const char *words)
{
	struct kl_words list = {0, command_spelling, NULL};
	size_t near[KL_WORDS_NEAREST_MAX];

	while (kl_commands[list.count])
		list.count++;
	kl_fault(fault, KL_E_USAGE, "there is no command %s", words);
	if (kl_words_nearest(&list, words, near))
		return kl_fault_hint(
			fault, "did you mean keeplocal %s?", kl_commands[near[0]]->words);
	return kl_fault_hint(fault, "keeplocal --help lists all commands");
}

static size_t option_count(const struct kl_option *options)
{
	size_t n = 0;

	while (options && options[n].name)
		n++;
	return n;
}

/* Options of the command, those of answers that are tables, then the global ones; NULL behind the
 * last. `command` may be NULL. */
static const struct kl_option *option_at(const struct kl_command *command, size_t index)
{
	const struct kl_option *lists[] = {command ? command->options : NULL,
		command && command->tables ? kl_table_options : NULL, kl_global_options};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		size_t count = option_count(lists[i]);

		if (index < count)
			return &lists[i][index];
		index -= count;
	}
	return NULL;
}

static const char *option_spelling(const void *context, size_t index, size_t which)
{
	return which == 0 ? option_at(context, index)->name : NULL;
}

static int unknown_option(
	struct kl_fault *fault, const struct kl_command *command, const char *token)
{
	struct kl_words list = {0, option_spelling, command};
	const char *name = token + strspn(token, "-");
	size_t near[KL_WORDS_NEAREST_MAX];

	while (option_at(command, list.count))
		list.count++;
	kl_fault(fault, KL_E_USAGE, "%s%sthere is no option %s", command ? command->words : "",
		command ? ": " : "", token);
	if (kl_words_nearest(&list, name, near))
		return kl_fault_hint(
			fault, "did you mean --%s?", option_at(command, near[0])->name);
	return kl_fault_hint(fault, "keeplocal %s%s--help lists the options",
		command ? command->words : "", command ? " " : "");
}

/* ---- tokens -------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Begins with a dash, and is neither "-" (standard input) nor an amount such as -3.2 or -£5. */
static bool is_option(const char *token)
{
	if (token[0] != '-' || !token[1])
		return false;
	if (!strncmp(token + 1, "£", strlen("£")))
		return false;
	return !is_digit(token[1]) && !(token[1] == '.' && is_digit(token[2]));
}

static const struct kl_option *find_option(
	const struct kl_command *command, const char *name, size_t len)
{
	const struct kl_option *option;

	for (size_t i = 0; (option = option_at(command, i)); i++)
		if (strlen(option->name) == len && !memcmp(option->name, name, len))
			return option;
	return NULL;
}

/* The option that a token names; *ret_value is what follows its `=`, or NULL. */
static const struct kl_option *option_of(
	const struct kl_command *command, const char *token, const char **ret_value)
{
	const char *equals;

	*ret_value = NULL;
	if (!strcmp(token, "-h"))
		return find_option(NULL, "help", 4);
	if (token[1] != '-')
		return NULL;
	equals = strchr(token, '=');
	if (equals)
		*ret_value = equals + 1;
	return find_option(
		command, token + 2, equals ? (size_t)(equals - token) - 2 : strlen(token) - 2);
}

/* ---- which command ------------------------------------------------------------------------- */

/* How many of the `count` words the command's own words take: 0 unless all of them fit. */
static size_t words_fit(const char *words, const char *const *tokens, size_t count)
{
	size_t used = 0;

	while (*words) {
		size_t len = strcspn(words, " ");

		if (used == count || strlen(tokens[used]) != len ||
			memcmp(tokens[used], words, len))
			return 0;
		used++;
		words += len;
		words += *words == ' ';
	}
	return used;
}

/* The command with the most words that begins the tokens. */
static const struct kl_command *find_command(
	const char *const *tokens, size_t count, size_t *ret_used)
{
	const struct kl_command *best = NULL;

	*ret_used = 0;
	for (size_t i = 0; kl_commands[i]; i++) {
		size_t used = words_fit(kl_commands[i]->words, tokens, count);

		if (used > *ret_used) {
			*ret_used = used;
			best = kl_commands[i];
		}
	}
	return best;
}

/* The first words, up to the first option that is not global: that one belongs to a command. */
static size_t first_words(int argc, char *const *argv, const char *words[KL_COMMAND_WORDS_MAX])
{
	size_t count = 0;

	for (int i = 1; i < argc && count < KL_COMMAND_WORDS_MAX; i++) {
		const struct kl_option *option;
		const char *value;

		if (!is_option(argv[i])) {
			words[count++] = argv[i];
			continue;
		}
		option = option_of(NULL, argv[i], &value);
		if (!option)
			break;
		if (option->value && !value)
			i++;
	}
	return count;
}

static bool is_group(const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; kl_commands[i]; i++)
		if (!strncmp(kl_commands[i]->words, word, len) && kl_commands[i]->words[len] == ' ')
			return true;
	return false;
}

/* ---- parsing ------------------------------------------------------------------------------- */

static int take_option(
	struct kl_args *args, int argc, char *const *argv, int *i, struct kl_fault *fault)
{
	const char *token = argv[*i], *value;
	const struct kl_option *option = option_of(args->command, token, &value);

	if (!option)
		return unknown_option(fault, args->command, token);
	if (!option->value && value)
		return kl_fault(fault, KL_E_USAGE, "--%s takes no value", option->name);
	if (option->value && !value) {
		if (*i + 1 == argc || is_option(argv[*i + 1]))
			return kl_fault(fault, KL_E_USAGE, "--%s wants a value: --%s %s",
				option->name, option->name, option->value);
		value = argv[++*i];
	}
	for (size_t n = 0; option->value && !option->many && n < args->given_count; n++)
		if (args->given[n].option == option)
			return kl_fault(fault, KL_E_USAGE, "--%s stands twice", option->name);
	args->given[args->given_count++] = (struct kl_args_given){option, value};
	return KL_OK;
}

static int take_tokens(struct kl_args *args, int argc, char *const *argv, struct kl_fault *fault)
{
	bool options = true;

	for (int i = 1; i < argc; i++) {
		if (options && !strcmp(argv[i], "--")) {
			options = false;
		} else if (options && is_option(argv[i])) {
			int rc = take_option(args, argc, argv, &i, fault);

			if (rc)
				return rc;
		} else {
			args->storage[args->operand_count++] = argv[i];
		}
	}
	return KL_OK;
}

static int check_operands(const struct kl_args *args, struct kl_fault *fault)
{
	const struct kl_command *command = args->command;

	if (args->operand_count < command->operands_min)
		kl_fault(fault, KL_E_USAGE, "%s: something is missing, it wants %s", command->words,
			command->operands);
	else if (args->operand_count > command->operands_max)
		kl_fault(fault, KL_E_USAGE, "%s: %s is too much", command->words,
			args->operands[command->operands_max]);
	else
		return KL_OK;
	return kl_fault_hint(fault, "for example: %s", command->example);
}

/* Nothing that is known was named. */
static int check_no_command(
	struct kl_args *args, const char *const *words, size_t count, struct kl_fault *fault)
{
	char joined[128];

	if (count == 0 && args->operand_count)
		return unknown_command(fault, args->operands[0]);
	if (count == 0 || (is_group(words[0]) && kl_args_flag(args, "help"))) {
		args->group = count ? words[0] : NULL;
		return KL_OK;
	}
	if (count == 1 && is_group(words[0])) {
		kl_fault(fault, KL_E_USAGE, "keeplocal %s wants one more word", words[0]);
		return kl_fault_hint(fault, "keeplocal %s --help lists them", words[0]);
	}
	snprintf(joined, sizeof joined, "%s%s%s", words[0], is_group(words[0]) ? " " : "",
		is_group(words[0]) ? words[1] : "");
	return unknown_command(fault, joined);
}

int kl_args_parse(int argc, char *const *argv, struct kl_fault *fault, struct kl_args *ret_args)
{
	const char *words[KL_COMMAND_WORDS_MAX];
	size_t count = first_words(argc, argv, words), used;
	struct kl_args args = {.command = find_command(words, count, &used)};
	int rc = KL_E_NOMEM;

	args.storage = calloc((size_t)argc + 1, sizeof *args.storage);
	args.given = calloc((size_t)argc + 1, sizeof *args.given);
	if (!args.storage || !args.given) {
		kl_fault(fault, rc, "no memory for the arguments");
		goto fail;
	}
	/* A wrong word comes before a wrong option: the option may belong to the right word. */
	if (!args.command && count && !is_group(words[0])) {
		rc = unknown_command(fault, words[0]);
		goto fail;
	}
	rc = take_tokens(&args, argc, argv, fault);
	if (rc)
		goto fail;
	args.operands = args.storage + used;
	args.operand_count -= used;
	if (!args.command)
		rc = check_no_command(&args, words, count, fault);
	else if (!kl_args_flag(&args, "help") && !kl_args_flag(&args, "version"))
		rc = check_operands(&args, fault);
	if (rc)
		goto fail;
	*ret_args = args;
	return KL_OK;

fail:
	kl_args_deinit(&args);
	return rc;
}

void kl_args_deinit(struct kl_args *args)
{
	if (!args)
		return;
	free(args->storage);
	free(args->given);
	memset(args, 0, sizeof *args);
}

/* ---- asking for options -------------------------------------------------------------------- */

static const struct kl_args_given *find_given(
	const struct kl_args *args, const char *name, size_t index)
{
	KL_ASSERT(find_option(args->command, name, strlen(name)));
	for (size_t i = 0; i < args->given_count; i++)
		if (!strcmp(args->given[i].option->name, name) && index-- == 0)
			return &args->given[i];
	return NULL;
}

const char *kl_args_option(const struct kl_args *args, const char *name)
{
	return kl_args_option_at(args, name, 0);
}

const char *kl_args_option_at(const struct kl_args *args, const char *name, size_t index)
{
	const struct kl_args_given *given = find_given(args, name, index);

	return given ? given->value : NULL;
}

bool kl_args_flag(const struct kl_args *args, const char *name)
{
	return find_given(args, name, 0) != NULL;
}

int kl_read_double(const char *what, const char *text, struct kl_fault *fault, double *ret_value)
{
	char *end;
	double value;

	errno = 0;
	/* Only plain decimals: no hexadecimal, no "inf", no blanks. */
	if (!*text || text[strspn(text, "+-.0123456789eE")])
		return kl_fault(fault, KL_E_USAGE, "%s: %s is not a number", what, text);
	value = strtod(text, &end);
	if (*end || end == text)
		return kl_fault(fault, KL_E_USAGE, "%s: %s is not a number", what, text);
	if (!isfinite(value))
		return kl_fault(fault, KL_E_USAGE, "%s: %s is too large", what, text);
	*ret_value = value;
	return KL_OK;
}

int kl_read_share(const char *what, const char *text, struct kl_fault *fault, double *ret_share)
{
	size_t len = strlen(text);
	bool percent = len && text[len - 1] == '%';
	char copy[64];
	double value;
	int rc;

	if (len >= sizeof copy)
		return kl_fault(fault, KL_E_USAGE, "%s: %s is not a share", what, text);
	memcpy(copy, text, len + 1);
	if (percent)
		copy[len - 1] = '\0';
	rc = kl_read_double(what, copy, fault, &value);
	if (rc)
		return rc;
	if (percent)
		value /= 100;
	if (value < 0 || value > 1)
		return kl_fault(
			fault, KL_E_USAGE, "%s: %s is not a share: write 0.45 or 45%%", what, text);
	*ret_share = value;
	return KL_OK;
}

int kl_args_money(const struct kl_args *args, const char *name, struct kl_fault *fault,
	bool *ret_given, int64_t *ret_pence)
{
	const char *text = kl_args_option(args, name);
	int rc = text ? kl_money_parse(text, ret_pence) : KL_OK;

	if (rc) {
		kl_fault(fault, KL_E_USAGE,
			rc == KL_E_RANGE ? "--%s: %s is more than a hundred billion pounds"
					 : "--%s: %s is not an amount",
			name, text);
		return kl_fault_hint(fault, "write pounds, such as 1,234.50");
	}
	*ret_given = text != NULL;
	return KL_OK;
}

int kl_args_uint(const struct kl_args *args, const char *name, uint64_t max, struct kl_fault *fault,
	bool *ret_given, uint64_t *ret_value)
{
	const char *text = kl_args_option(args, name);
	uint64_t value = 0;

	if (text && !*text)
		return kl_fault(fault, KL_E_USAGE, "--%s wants a whole number", name);
	for (const char *c = text; c && *c; c++) {
		if (!is_digit(*c))
			return kl_fault(fault, KL_E_USAGE,
				"--%s: %s is not a whole number from 0 on", name, text);
		if ((uint64_t)(*c - '0') > max || value > (max - (uint64_t)(*c - '0')) / 10)
			return kl_fault(fault, KL_E_USAGE, "--%s: %s is more than %llu", name, text,
				(unsigned long long)max);
		value = value * 10 + (uint64_t)(*c - '0');
	}
	*ret_given = text != NULL;
	if (text)
		*ret_value = value;
	return KL_OK;
}

enum { OPTION_TEXT_MAX = 64 };

/* An option as it was typed, for what is said of it. */
static const char *with_dashes(const char *name, char out[OPTION_TEXT_MAX])
{
	(void)snprintf(out, OPTION_TEXT_MAX, "--%s", name);
	return out;
}

int kl_args_double(const struct kl_args *args, const char *name, struct kl_fault *fault,
	bool *ret_given, double *ret_value)
{
	const char *text = kl_args_option(args, name);
	char option[OPTION_TEXT_MAX];
	int rc = text ? kl_read_double(with_dashes(name, option), text, fault, ret_value) : KL_OK;

	if (rc)
		return rc;
	*ret_given = text != NULL;
	return KL_OK;
}

int kl_args_share(const struct kl_args *args, const char *name, struct kl_fault *fault,
	bool *ret_given, double *ret_share)
{
	const char *text = kl_args_option(args, name);
	char option[OPTION_TEXT_MAX];
	int rc = text ? kl_read_share(with_dashes(name, option), text, fault, ret_share) : KL_OK;

	if (rc)
		return rc;
	*ret_given = text != NULL;
	return KL_OK;
}
