#include "core/lm3_compare.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 2, 3))) static void because(
	struct kl_lm3_comparison *c, const char *format, ...)
{
	va_list args;

	KL_ASSERT(c->reason_count < KL_LM3_REASONS_MAX);
	va_start(args, format);
	vsnprintf(c->reasons[c->reason_count++], KL_LM3_REASON_MAX, format, args);
	va_end(args);
}

static void look_at_proxies(const struct kl_lm3_compared *a, const struct kl_lm3_compared *b,
	struct kl_lm3_comparison *c)
{
	if (a->recorded || b->recorded)
		because(c,
			"a score that was worked out elsewhere does not say how: its proxies, and "
			"its rule for silent suppliers, may be others");
	else if (fabs(a->proxy_local - b->proxy_local) > 1e-9 ||
		 fabs(a->proxy_elsewhere - b->proxy_elsewhere) > 1e-9)
		because(c, "they rest on other proxies: %.2f and %.2f, and %.2f and %.2f",
			a->proxy_local, a->proxy_elsewhere, b->proxy_local, b->proxy_elsewhere);
}

static void look_at_ratings(const struct kl_lm3_compared *a, const struct kl_lm3_compared *b,
	struct kl_lm3_comparison *c)
{
	if (a->rating != KL_LM3_GREEN || b->rating != KL_LM3_GREEN)
		because(c, "their confidence is %s and %s: only green scores are compared",
			kl_lm3_rating_name(a->rating), kl_lm3_rating_name(b->rating));
}

void kl_lm3_compare(const struct kl_lm3_compared *a, const struct kl_lm3_compared *b,
	struct kl_lm3_comparison *ret)
{
	struct kl_lm3_comparison c = {.reason_count = 0};

	if (!kl_area_equal(&a->area, &b->area))
		because(&c, "their local areas differ: a larger area keeps more money by itself");
	if (a->basis != b->basis)
		because(&c, "one is about %s, the other about %s", kl_lm3_basis_name(a->basis),
			kl_lm3_basis_name(b->basis));
	if (kl_period_months(a->period) != kl_period_months(b->period))
		because(&c, "their periods are of different lengths");
	look_at_proxies(a, b, &c);
	look_at_ratings(a, b, &c);
	c.has_difference = a->lm3.has_central && b->lm3.has_central;
	if (c.has_difference)
		c.difference = b->lm3.central - a->lm3.central;
	c.told = a->lm3.high < b->lm3.low || b->lm3.high < a->lm3.low;
	*ret = c;
}
