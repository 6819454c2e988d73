/* What was typed, held against the table of commands.
 *
 * Words of a command come first, options of the command after them, operands anywhere behind the
 * words; global options stand anywhere. A token that begins with `-` or `£` and goes on with a
 * digit is an operand (an amount), and so is everything behind `--`. Nothing may be abbreviated. */
#ifndef KL_CLIENT_ARGS_H
#define KL_CLIENT_ARGS_H

#include "client/command.h"
#include "core/error.h"

#include <stdint.h>

struct kl_args_given {
	const struct kl_option *option;
	const char *value; /* NULL: a flag */
};

/* Strings are those of argv. */
struct kl_args {
	const struct kl_command
		*command; /* NULL when none was named: --help, --version or nothing */
	const char *const *operands;
	size_t operand_count;

	/* The rest is private. */
	struct kl_args_given *given;
	size_t given_count;
	const char **storage;
	const char *group; /* "lm3" of `keeplocal lm3 --help` */
};

/* Reads argv[1..]. KL_E_USAGE with words, and with the nearest command or option as hint. With
 * --help or --version nothing else is complained about but unknown options. */
int kl_args_parse(int argc, char *const *argv, struct kl_fault *fault, struct kl_args *ret_args);

void kl_args_deinit(struct kl_args *args);

/* Value of an option, or NULL when it was not given; asking for an option that is in no table is a
 * bug. */
const char *kl_args_option(const struct kl_args *args, const char *name);

/* True if the option or flag was given. */
bool kl_args_flag(const struct kl_args *args, const char *name);

/* Values of an option that may stand more than once: the `index`th, or NULL behind the last. */
const char *kl_args_option_at(const struct kl_args *args, const char *name, size_t index);

/* Typed readings: *ret_given tells whether the option stood there (the value is untouched if not).
 * KL_E_USAGE with words when it cannot be read. Money is written in pounds and comes out in
 * pence; a share is 0..1 or "45%". */
int kl_args_money(const struct kl_args *args, const char *name, struct kl_fault *fault,
	bool *ret_given, int64_t *ret_pence);
int kl_args_uint(const struct kl_args *args, const char *name, uint64_t max, struct kl_fault *fault,
	bool *ret_given, uint64_t *ret_value);
int kl_args_double(const struct kl_args *args, const char *name, struct kl_fault *fault,
	bool *ret_given, double *ret_value);
int kl_args_share(const struct kl_args *args, const char *name, struct kl_fault *fault,
	bool *ret_given, double *ret_share);

/* Text into a double or a share, for operands; `what` names it in messages. KL_E_USAGE. */
int kl_read_double(const char *what, const char *text, struct kl_fault *fault, double *ret_value);
int kl_read_share(const char *what, const char *text, struct kl_fault *fault, double *ret_share);

#endif
