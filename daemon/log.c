#include "daemon/log.h"
#include "core/error.h"
#include "core/harmless.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum kl_log_level most = KL_LOG_INFO;

void kl_log_level(enum kl_log_level level)
{
	most = level;
}

int kl_log_level_parse(const char *text, enum kl_log_level *ret_level)
{
	static const struct {
		const char *name;
		enum kl_log_level level;
	} levels[] = {{"error", KL_LOG_ERROR}, {"warning", KL_LOG_WARNING}, {"info", KL_LOG_INFO},
		{"debug", KL_LOG_DEBUG}};

	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		if (!strcmp(text, levels[i].name)) {
			*ret_level = levels[i].level;
			return KL_OK;
		}
	return KL_E_INVALID;
}

void kl_log(enum kl_log_level level, const char *format, ...)
{
	char words[768], line[1024];
	size_t used = 0;
	va_list ap;
	int n;

	if (level > most)
		return;
	if (getenv("JOURNAL_STREAM"))
		used = (size_t)snprintf(line, sizeof line, "<%d>", (int)level);
	va_start(ap, format);
	n = vsnprintf(words, sizeof words, format, ap);
	va_end(ap);
	if (n < 0)
		return;
	used += strlen(kl_text_show(words, false, line + used, sizeof line - used - 1));
	line[used++] = '\n';
	/* one write, so that lines of several processes on one terminal do not mix */
	if (write(STDERR_FILENO, line, used) < 0)
		return;
}

bool kl_log_may(struct kl_log_quota *quota, uint64_t now_ms)
{
	if (now_ms - quota->since_ms >= 60000) {
		if (quota->left_out)
			kl_log(KL_LOG_INFO, "%u more lines like the next were left out",
				quota->left_out);
		*quota = (struct kl_log_quota){.since_ms = now_ms};
	}
	if (quota->n < KL_LOG_QUOTA) {
		quota->n++;
		return true;
	}
	quota->left_out++;
	return false;
}
