#include "daemon/next_steps.h"

#include <stdio.h>
#include <string.h>

/* The words of next_steps.def. */
#define COUNCIL  (s->kind == KL_MEMBER_COUNCIL)
#define ANCHOR   (s->kind == KL_MEMBER_ANCHOR)
#define CONVENOR (s->kind == KL_MEMBER_CONVENOR)
#define FIGURES  (kl_outlook_has_figures(s))

/* `about` as a shell takes it: in quotes if it needs them, with none inside. */
static void put_about(char *out, size_t size, const char *about)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	const char *quote = strspn(about, plain) == strlen(about) ? "" : "'";
	char text[KL_NAME_MAX];
	size_t n = 0;

	for (; *about && n + 1 < sizeof text; about++)
		if (*about != '\'')
			text[n++] = *about;
	text[n] = '\0';
	(void)snprintf(out, size, "%s%s%s", quote, text, quote);
}

static void add(struct kl_next_step steps[KL_NEXT_SHOWN], size_t *count, const char *command,
	const char *about, const char *why)
{
	struct kl_next_step *step = &steps[*count];
	const char *hole = strstr(command, "{}");
	char quoted[KL_NAME_MAX + 3];

	++*count;
	step->why = why;
	if (!hole || !about) {
		(void)snprintf(step->command, sizeof step->command, "%s", command);
		return;
	}
	put_about(quoted, sizeof quoted, about);
	(void)snprintf(step->command, sizeof step->command, "%.*s%s%s", (int)(hole - command),
		command, quoted, hole + 2);
}

size_t kl_next_steps(const struct kl_outlook *s, struct kl_next_step ret_steps[KL_NEXT_SHOWN])
{
	size_t count = 0;

#define KL_NEXT(when, command, about, why)                                                         \
	if (count < KL_NEXT_SHOWN && (when))                                                       \
		add(ret_steps, &count, command, about, why);
#include "daemon/next_steps.def"
#undef KL_NEXT
	return count;
}
