/* abort() with a core limit of nothing: ended by SIGABRT, and no core. */
#include "guest.h"
#include <sys/resource.h>

int main(void)
{
    struct rlimit none = { 0, 0 };
    CHECK(setrlimit(RLIMIT_CORE, &none) == 0);
    abort();
}
