#include "client/observed.h"
#include "client/amount.h"
#include "core/bytes.h"

#include <stdio.h>
#include <string.h>

const char *kl_draw_observed(const struct kl_value *observation, char out[KL_DRAW_TEXT_MAX])
{
	char unit[32], amount[KL_AMOUNT_TEXT_MAX];

	kl_cli_text(observation, "unit", "", unit, sizeof unit);
	if (kl_amount_exact(observation, "value", unit, "", amount)[0])
		(void)kl_copy_text(out, KL_DRAW_TEXT_MAX, amount);
	else
		kl_cli_text(observation, "text", "-", out, KL_DRAW_TEXT_MAX);
	return out;
}

static const char *which_way(const struct kl_value *component)
{
	char better[16];

	kl_cli_text(component, "better", "", better, sizeof better);
	return !strcmp(better, "higher")  ? "; higher is better"
	       : !strcmp(better, "lower") ? "; lower is better"
					  : "; neither higher nor lower is better";
}

void kl_draw_components(FILE *out, const struct kl_value *indicator)
{
	struct kl_cursor cursor = kl_draw_items(indicator, "components");
	struct kl_value item;
	char code[64], name[160], unit[32];

	while (kl_cursor_next(&cursor, &item)) {
		bool same;

		kl_cli_text(&item, "component", "", code, sizeof code);
		kl_cli_text(&item, "name", "?", name, sizeof name);
		kl_cli_text(&item, "unit", "?", unit, sizeof unit);
		same = !strcmp(name, unit);
		fprintf(out, "  number: %s%s%s%s%s%s\n", name, same ? "" : " in ", same ? "" : unit,
			which_way(&item), code[0] ? "; --component " : "", code);
	}
}
