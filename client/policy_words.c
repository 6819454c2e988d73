#include "client/policy_words.h"
#include "client/draw.h"
#include "core/commissioning.h"
#include "core/policy.h"

void kl_draw_policy_filters(FILE *out, const struct kl_value *answer)
{
	static const struct {
		const char *key;
		const struct kl_slug *words;
	} filters[] = {{"region", kl_regions}, {"type", kl_council_types},
		{"status", kl_policy_statuses}, {"route", kl_routes}};
	const char *between = " (";
	struct kl_value map;
	char slug[64];

	if (kl_map_get(answer, "filters", &map))
		return;
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		if (!kl_cli_text(&map, filters[i].key, "", slug, sizeof slug)[0])
			continue;
		fprintf(out, "%s%s: %s", between, filters[i].key,
			kl_slug_name(filters[i].words, slug));
		between = "; ";
	}
	if (kl_draw_flag(&map, "like_me")) {
		fprintf(out, "%syou and those most like you", between);
		between = "; ";
	}
	if (between[0] == ';')
		fputc(')', out);
}
