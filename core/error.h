/* What can go wrong, once, for every folder.
 *
 * A function that can fail returns 0 or one of these negative codes, and leaves its `ret_` outputs
 * untouched on failure. Codes of other libraries are translated where they enter. A *fault* is a
 * code with a sentence for a person: it says which thing is meant, down to the row and column of a file,
 * what was expected, and its hint says what to do next. Libraries fill faults; only programs
 * print them. */
#ifndef KL_CORE_ERROR_H
#define KL_CORE_ERROR_H

/* code, general sentence, exit code of the command line (sysexits numbers; 1 = "the answer is no") */
#define KL_ERROR_MAP(X)                                                                            \
	X(NOMEM, "out of memory", 70)                                                              \
	X(INVALID, "not a valid value", 65)                                                        \
	X(USAGE, "not understood", 64)                                                             \
	X(NOT_FOUND, "not found", 1)                                                               \
	X(EXISTS, "already there", 1)                                                              \
	X(AMBIGUOUS, "more than one fits", 64)                                                     \
	X(WITHHELD, "withheld", 1)                                                                 \
	X(DENIED, "not allowed", 1)                                                                \
	X(MALFORMED, "malformed data", 65)                                                         \
	X(TOO_BIG, "larger than allowed", 65)                                                      \
	X(VERSION, "made by another version", 78)                                                  \
	X(DAMAGED, "damaged", 78)                                                                  \
	X(CONFLICT, "contradicts what is already stored", 1)                                       \
	X(SIGNATURE, "signature does not fit", 65)                                                 \
	X(FULL, "no space left", 73)                                                               \
	X(IO, "input or output failed", 73)                                                        \
	X(PERMISSION, "permission denied", 78)                                                     \
	X(BUSY, "busy", 75)                                                                        \
	X(UNREACHABLE, "not reachable", 69)                                                        \
	X(TIMEOUT, "timed out", 75)                                                                \
	X(CONFIG, "configuration", 78)                                                             \
	X(RANGE, "out of range", 65)                                                               \
	X(BUG, "internal error", 70)

enum kl_error_index {
#define X(name, text, exit_code) KL_EI_##name,
	KL_ERROR_MAP(X)
#undef X
		KL_ERROR_COUNT
};

enum kl_error {
	KL_OK = 0,
#define X(name, text, exit_code) KL_E_##name = -1 - (int)KL_EI_##name,
	KL_ERROR_MAP(X)
#undef X
};

/* General sentence for a code; never NULL. Static memory. */
const char *kl_error_text(int code);

/* Name of a code as it crosses the control socket, such as "NOT_FOUND"; never NULL. */
const char *kl_error_name(int code);

/* Code of a name, or KL_E_BUG for a name that is not in the table. */
int kl_error_from_name(const char *name);

/* Exit code of the command line for a code: 0, 1, 64, 65, 69, 70, 73, 75 or 78. */
int kl_error_exit(int code);

enum { KL_FAULT_MESSAGE_MAX = 512, KL_FAULT_HINT_MAX = 256 };

struct kl_fault {
	int code;
	char message[KL_FAULT_MESSAGE_MAX]; /* empty: the general sentence says it all */
	char hint[KL_FAULT_HINT_MAX];       /* what to do next; empty: nothing to add */
};

/* Fills `fault` (which may be NULL) with code and sentence, empties the hint, and returns code:
 * `return kl_fault(f, KL_E_INVALID, "row %u: ...", row);` Longer texts are cut; what is quoted from
 * a file or a peer is made plain (core/bytes.h), so that a fault can be shown in a terminal. */
int kl_fault(struct kl_fault *fault, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Sets the hint of a fault that kl_fault() filled; returns its code. NULL is accepted, but then the
 * code is lost (KL_E_BUG): a function whose callers may leave out the fault, and ask which error it
 * was, returns the code by itself. */
int kl_fault_hint(struct kl_fault *fault, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Puts "CONTEXT: " before the message, going outward; returns its code. NULL is accepted. */
int kl_fault_at(struct kl_fault *fault, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* For errors of the programmer only, never for what a peer or a file brings; always on. */
#define KL_ASSERT(condition)                                                                       \
	do {                                                                                       \
		if (!(condition))                                                                  \
			kl_assert_failed(#condition, __FILE__, __LINE__);                          \
	} while (0)

_Noreturn void kl_assert_failed(const char *condition, const char *file, int line);

#endif
