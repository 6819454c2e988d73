#include "core/error.h"
#include "core/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct error {
	const char *name, *text;
	int exit_code;
};

static const struct error errors[KL_ERROR_COUNT] = {
#define X(name, text, exit_code) [KL_EI_##name] = {#name, text, exit_code},
	KL_ERROR_MAP(X)
#undef X
};

static const struct error *find(int code)
{
	static const struct error ok = {"OK", "no error", 0};
	int index = -1 - code;

	if (code == KL_OK)
		return &ok;
	if (index < 0 || index >= (int)KL_ERROR_COUNT)
		return &errors[KL_EI_BUG];
	return &errors[index];
}

const char *kl_error_text(int code)
{
	return find(code)->text;
}

const char *kl_error_name(int code)
{
	return find(code)->name;
}

int kl_error_exit(int code)
{
	return find(code)->exit_code;
}

int kl_error_from_name(const char *name)
{
	if (!strcmp(name, "OK"))
		return KL_OK;
	for (int i = 0; i < (int)KL_ERROR_COUNT; i++)
		if (!strcmp(name, errors[i].name))
			return -1 - i;
	return KL_E_BUG;
}

int kl_fault(struct kl_fault *fault, int code, const char *format, ...)
{
	va_list ap;

	if (!fault)
		return code;
	fault->code = code;
	fault->hint[0] = '\0';
	va_start(ap, format);
	vsnprintf(fault->message, sizeof fault->message, format, ap);
	va_end(ap);
	kl_text_make_plain(fault->message, true);
	return code;
}

int kl_fault_hint(struct kl_fault *fault, const char *format, ...)
{
	va_list ap;

	if (!fault)
		return KL_E_BUG;
	va_start(ap, format);
	vsnprintf(fault->hint, sizeof fault->hint, format, ap);
	va_end(ap);
	kl_text_make_plain(fault->hint, true);
	return fault->code;
}

int kl_fault_at(struct kl_fault *fault, const char *format, ...)
{
	char context[KL_FAULT_MESSAGE_MAX], inner[KL_FAULT_MESSAGE_MAX];
	va_list ap;
	size_t n;

	if (!fault)
		return KL_E_BUG;
	va_start(ap, format);
	vsnprintf(context, sizeof context, format, ap);
	va_end(ap);
	memcpy(inner, fault->message, sizeof inner);
	n = strlen(context);
	if (n > sizeof fault->message - 3)
		n = sizeof fault->message - 3;
	memcpy(fault->message, context, n);
	memcpy(fault->message + n, ": ", 2);
	snprintf(fault->message + n + 2, sizeof fault->message - n - 2, "%s",
		inner[0] ? inner : kl_error_text(fault->code));
	kl_text_make_plain(fault->message, true);
	return fault->code;
}

_Noreturn void kl_assert_failed(const char *condition, const char *file, int line)
{
	char text[512];
	int n = snprintf(
		text, sizeof text, "keeplocal: our bug: %s:%d: %s\n", file, line, condition);

	if (n > (int)sizeof text - 1)
		n = (int)sizeof text - 1;
	if (n > 0 && write(STDERR_FILENO, text, (size_t)n) < 0)
		abort();
	abort();
}
