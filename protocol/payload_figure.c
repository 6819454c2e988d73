#include "protocol/payload_figure.h"

#include <string.h>

/* A word of lower-case letters, digits and `_` that begins with a letter; 0 if there is none. */
static size_t word_len(const char *text)
{
	if (text[0] < 'a' || text[0] > 'z')
		return 0;
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
}

/* After the first, words may begin with a digit: practice.1. */
bool kl_metric_code_is_valid(const char *code)
{
	size_t n = word_len(code);

	if (!n || strlen(code) >= KL_PAYLOAD_CODE_MAX)
		return false;
	for (code += n; *code; code += 1 + n) {
		n = strspn(code + 1, "abcdefghijklmnopqrstuvwxyz0123456789_");
		if (*code != '.' || !n)
			return false;
	}
	return true;
}

static void put_period(struct kl_writer *w, struct kl_period period)
{
	char text[KL_PERIOD_TEXT_MAX];

	kl_put_text(w, "period", kl_period_format(period, text));
}

/* Periods are kept in their canonical form only, so that equal ones are equal bytes. */
static int get_period(const struct kl_value *map, struct kl_period *ret_period)
{
	char text[KL_PERIOD_TEXT_MAX], again[KL_PERIOD_TEXT_MAX];
	struct kl_period period;

	if (kl_get_text(map, "period", text, sizeof text) || kl_period_parse(text, &period) ||
		strcmp(kl_period_format(period, again), text) != 0)
		return KL_E_MALFORMED;
	*ret_period = period;
	return KL_OK;
}

static int get_code(const struct kl_value *map, char out[KL_PAYLOAD_CODE_MAX])
{
	if (kl_get_text(map, "metric", out, KL_PAYLOAD_CODE_MAX) || !kl_metric_code_is_valid(out))
		return KL_E_MALFORMED;
	return KL_OK;
}

/* One line of plain text, or nothing. */
static int get_line(const struct kl_value *map, const char *key, char *out, size_t size)
{
	if (kl_get_text_or(map, key, "", out, size) || !kl_text_is_plain(kl_bytes_str(out), false))
		return KL_E_MALFORMED;
	return KL_OK;
}

static void put_line(struct kl_writer *w, const char *key, const char *text)
{
	kl_put_text(w, key, text[0] ? text : NULL);
}

void kl_payload_figure_write(struct kl_writer *w, const struct kl_figure *figure)
{
	kl_write_map(w, 6);
	kl_put_text(w, "metric", figure->metric);
	put_period(w, figure->period);
	kl_put_int(w, "value", figure->value);
	put_line(w, "method", figure->method);
	put_line(w, "confidence", figure->confidence);
	put_line(w, "source", figure->source);
}

int kl_payload_figure_read(
	struct kl_bytes payload, struct kl_figure *ret_figure, struct kl_fault *fault)
{
	struct kl_figure f = {.value = 0};
	struct kl_value map;

	if (kl_value_open(payload, &map) || map.type != KL_WIRE_MAP || get_code(&map, f.metric))
		return kl_fault(fault, KL_E_MALFORMED, "this is no figure of a metric");
	if (get_period(&map, &f.period))
		return kl_fault(fault, KL_E_MALFORMED, "the figure's period cannot be read");
	if (kl_get_int(&map, "value", &f.value))
		return kl_fault(fault, KL_E_MALFORMED, "the figure has no value");
	if (get_line(&map, "method", f.method, sizeof f.method) ||
		get_line(&map, "confidence", f.confidence, sizeof f.confidence) ||
		get_line(&map, "source", f.source, sizeof f.source))
		return kl_fault(fault, KL_E_MALFORMED,
			"the figure's method, confidence or source is not a line of text");
	*ret_figure = f;
	return KL_OK;
}

void kl_payload_withdrawal_write(struct kl_writer *w, const struct kl_figure_withdrawal *withdrawal)
{
	kl_write_map(w, 2);
	kl_put_text(w, "metric", withdrawal->metric);
	put_period(w, withdrawal->period);
}

int kl_payload_withdrawal_read(struct kl_bytes payload, struct kl_figure_withdrawal *ret_withdrawal,
	struct kl_fault *fault)
{
	struct kl_figure_withdrawal f;
	struct kl_value map;

	if (kl_value_open(payload, &map) || map.type != KL_WIRE_MAP || get_code(&map, f.metric) ||
		get_period(&map, &f.period))
		return kl_fault(fault, KL_E_MALFORMED, "this withdraws no figure");
	*ret_withdrawal = f;
	return KL_OK;
}
