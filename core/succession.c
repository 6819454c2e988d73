#include "core/succession.h"
#include "core/words.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define KL_SUCCESSION(year, how, from, from_name, to, to_name, source)                             \
	{year, KL_SUCCESSION_##how, from, from_name, to, to_name, source},
const struct kl_succession kl_successions[] = {
#include "core/successions.def"
};
#undef KL_SUCCESSION

const size_t kl_successions_count = sizeof kl_successions / sizeof *kl_successions;

/* Asked for every place of a hundred thousand: codes differ at their end, so that is looked at first. */
const struct kl_succession *kl_succession_of(const char *gss)
{
	if (strlen(gss) != 9)
		return NULL;
	for (size_t i = 0; i < kl_successions_count; i++) {
		const char *from = kl_successions[i].from;

		if (from[8] == gss[8] && from[7] == gss[7] && !memcmp(from, gss, 9))
			return &kl_successions[i];
	}
	return NULL;
}

/* Adds a code once. */
static size_t add(const char *code, const char *codes[KL_SUCCESSORS_MAX], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(codes[i], code))
			return n;
	if (n < KL_SUCCESSORS_MAX)
		codes[n++] = code;
	return n;
}

/* The table is by year, so that what follows a change stands behind it. */
size_t kl_succession_today(const char *gss, const char *ret_codes[KL_SUCCESSORS_MAX])
{
	const char *line[KL_SUCCESSORS_MAX * 2] = {gss};
	size_t n = 1, today = 0;

	for (size_t i = 0; i < kl_successions_count; i++)
		for (size_t k = 0; k < n; k++)
			if (!strcmp(kl_successions[i].from, line[k])) {
				if (n < sizeof line / sizeof *line)
					line[n++] = kl_successions[i].to;
				break;
			}
	for (size_t k = 1; k < n; k++)
		if (!kl_succession_of(line[k]))
			today = add(line[k], ret_codes, today);
	return today;
}

size_t kl_succession_before(
	const char *gss, const struct kl_succession *ret_changes[KL_PREDECESSORS_MAX])
{
	size_t n = 0;

	for (size_t i = kl_successions_count; i-- > 0 && n < KL_PREDECESSORS_MAX;) {
		bool leads = !strcmp(kl_successions[i].to, gss);

		for (size_t k = 0; !leads && k < n; k++)
			leads = !strcmp(kl_successions[i].to, ret_changes[k]->from);
		if (leads)
			ret_changes[n++] = &kl_successions[i];
	}
	for (size_t i = 0; i < n / 2; i++) {
		const struct kl_succession *swap = ret_changes[i];

		ret_changes[i] = ret_changes[n - 1 - i];
		ret_changes[n - 1 - i] = swap;
	}
	return n;
}

const struct kl_succession *kl_succession_find(const char *text)
{
	for (size_t i = 0; i < kl_successions_count; i++)
		if (!strcasecmp(kl_successions[i].from, text) ||
			kl_words_equal(kl_successions[i].from_name, text))
			return &kl_successions[i];
	return NULL;
}

/* `b` is what became of the code `a`, by changes of the code alone. */
static bool is_recoded(const char *a, const char *b)
{
	const struct kl_succession *change = kl_succession_of(a);

	for (; change && change->how == KL_SUCCESSION_RECODED;
		change = kl_succession_of(change->to))
		if (!strcmp(change->to, b))
			return true;
	return false;
}

bool kl_succession_recoded(const char *a, const char *b)
{
	return is_recoded(a, b) || is_recoded(b, a);
}

const char *kl_succession_today_words(const char *gss, char out[KL_SUCCESSORS_TEXT_MAX])
{
	const char *today[KL_SUCCESSORS_MAX];
	size_t n = kl_succession_today(gss, today), len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(
			out + len, KL_SUCCESSORS_TEXT_MAX - len, "%s%s", i ? ", " : "", today[i]);
	return out;
}

/* Today's codes in place of one, or the code itself. */
static size_t today_or_self(const char *gss, const char *ret_codes[KL_SUCCESSORS_MAX])
{
	size_t n = kl_succession_today(gss, ret_codes);

	if (!n)
		ret_codes[n++] = gss;
	return n;
}

bool kl_succession_touches(const char *a, const char *b)
{
	const char *of_a[KL_SUCCESSORS_MAX], *of_b[KL_SUCCESSORS_MAX];
	size_t n = today_or_self(a, of_a), m = today_or_self(b, of_b);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m; k++)
			if (!strcmp(of_a[i], of_b[k]))
				return true;
	return false;
}

/* Every change of `place` leads to `area`. The table has no circles (a test), so this ends. */
static bool leads_to(const char *place, const char *area)
{
	bool any = false;

	for (const struct kl_succession *s = kl_succession_of(place);
		s && s < kl_successions + kl_successions_count; s++) {
		if (strcmp(s->from, place) != 0)
			continue;
		if (strcmp(s->to, area) != 0 && !leads_to(s->to, area))
			return false;
		any = true;
	}
	return any;
}

bool kl_succession_within(const char *place, const char *area)
{
	return is_recoded(area, place) || leads_to(place, area);
}

const char *kl_succession_words(
	const struct kl_succession *change, char out[KL_SUCCESSION_WORDS_MAX])
{
	if (change->how == KL_SUCCESSION_RECODED) {
		(void)snprintf(out, KL_SUCCESSION_WORDS_MAX,
			"%s had the code %s until %u, and %s since", change->from_name,
			change->from, change->year, change->to);
		return out;
	}
	(void)snprintf(out, KL_SUCCESSION_WORDS_MAX, "%s%s (%s) %s %s (%s) in %u",
		change->how == KL_SUCCESSION_SPLIT ? "Part of " : "", change->from_name,
		change->from, change->how == KL_SUCCESSION_SPLIT ? "went to" : "became part of",
		change->to_name, change->to, change->year);
	return out;
}
