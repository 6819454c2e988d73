#include "client/report_flow.h"
#include "client/draw.h"
#include "client/lm3_draw.h"
#include "client/report.h"

#include <string.h>

struct flow {
	struct kl_chart_flow chart;
	char texts[KL_CHART_ROUNDS][KL_WAYS][64];
	char description[1024];
	double unspent;
};

static enum kl_chart_way way_of(const struct kl_value *part)
{
	char kind[KL_REPORT_TEXT_MAX], where[KL_REPORT_TEXT_MAX];

	kl_report_text(part, "kind", "", kind);
	kl_report_text(part, "where", "", where);
	if (!strcmp(where, "unknown"))
		return KL_WAY_UNKNOWN;
	return !strcmp(where, "local") || !strcmp(kind, "payroll local") ||
			       !strcmp(kind, "other local")
		       ? KL_WAY_LOCAL
		       : KL_WAY_ELSEWHERE;
}

/* A part of the project, on the way that it takes: what is certain of each round, what is not known,
 * and the rest. */
static void add_part(struct flow *flow, const struct kl_value *part)
{
	const enum kl_chart_way way = way_of(part);
	struct kl_range two, three;
	char kind[KL_REPORT_TEXT_MAX];
	double spent;

	if (kl_get_double(part, "round1_pence", &spent) ||
		kl_get_range(part, "round2_pence", &two) ||
		kl_get_range(part, "round3_pence", &three))
		return;
	if (!strcmp(kl_report_text(part, "kind", "", kind), "unspent"))
		flow->unspent = spent;
	if (spent <= 0)
		return;
	flow->chart.first[KL_WAY_LOCAL] += two.low;
	flow->chart.first[KL_WAY_UNKNOWN] += two.high - two.low;
	flow->chart.first[KL_WAY_ELSEWHERE] += spent - two.high;
	flow->chart.second[way][KL_WAY_LOCAL] += three.low;
	flow->chart.second[way][KL_WAY_UNKNOWN] += three.high - three.low;
	flow->chart.second[way][KL_WAY_ELSEWHERE] += spent - three.high;
}

static void say(
	struct flow *flow, size_t round, enum kl_chart_way way, const char *words, double pence)
{
	char pounds[KL_POUNDS_TEXT_MAX];

	if (pence < 50)
		return;
	(void)snprintf(flow->texts[round][way], sizeof flow->texts[round][way], "%s %s", words,
		kl_pounds_short(pence, pounds));
	flow->chart.texts[round][way] = flow->texts[round][way];
}

static double arriving(const struct flow *flow, enum kl_chart_way to)
{
	double sum = 0;

	for (size_t from = 0; from < KL_WAYS; from++)
		sum += flow->chart.second[from][to];
	return sum;
}

static void say_all(struct flow *flow)
{
	static const char *const ways[] = {[KL_WAY_LOCAL] = "stays:",
		[KL_WAY_UNKNOWN] = "not known:",
		[KL_WAY_ELSEWHERE] = "leaves:"};

	say(flow, 0, KL_WAY_LOCAL, "income:", flow->chart.income);
	for (enum kl_chart_way way = 0; way < KL_WAYS; way++) {
		say(flow, 1, way, ways[way], flow->chart.first[way]);
		say(flow, 2, way, ways[way], arriving(flow, way));
	}
}

static void describe(struct flow *flow)
{
	size_t len = 0;

	flow->description[0] = '\0';
	for (size_t round = 0; round < KL_CHART_ROUNDS; round++) {
		for (size_t way = 0; way < KL_WAYS; way++) {
			const char *text = flow->chart.texts[round][way];

			if (!text || len >= sizeof flow->description)
				continue;
			(void)snprintf(flow->description + len, sizeof flow->description - len,
				"Round %zu, %s. ", round + 1, text);
			len = strlen(flow->description);
		}
	}
	flow->chart.description = flow->description;
}

/* False if the rounds are not known. */
static bool read_flow(const struct kl_value *explained, struct flow *flow)
{
	struct kl_cursor cursor = kl_draw_items(explained, "parts");
	struct kl_value part;

	memset(flow, 0, sizeof *flow);
	if (kl_get_double(explained, "round1_pence", &flow->chart.income) ||
		flow->chart.income <= 0)
		return false;
	while (kl_cursor_next(&cursor, &part))
		add_part(flow, &part);
	flow->chart.title = "The way of the money through three rounds of spending";
	flow->chart.heads[0] = "1. Comes in";
	flow->chart.heads[1] = "2. Spent in the area";
	flow->chart.heads[2] = "3. Spent there again";
	say_all(flow);
	describe(flow);
	return true;
}

void kl_report_flow(struct kl_html *html, const struct kl_value *explained)
{
	char pounds[KL_POUNDS_TEXT_MAX];
	struct flow flow;

	if (!read_flow(explained, &flow))
		return;
	KL_REPORT_FIGURE(html, kl_chart_flow, &flow.chart,
		"Solid stays in the area, light leaves it, and of what is hatched nobody knows. In "
		"the bars: what becomes of each pound.");
	if (flow.unspent >= 50)
		kl_html_put(html, "p", "note",
			"No line of the ledger accounts for %s of the income; it is drawn as if it "
			"left.",
			kl_pounds(flow.unspent, pounds));
}
