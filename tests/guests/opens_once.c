/* opens_once: opens one file for writing, in TMPDIR. */
#include "guest.h"

int main(void)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/once", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    return write_errno(path) == 0 ? 0 : 1;
}
