/* The engine may place a guest on its own CPU; the guest's own mask is what it was given, and what it sets is what it reads back. */
#include "guest.h"

int main(void)
{
    cpu_set_t mask, one;
    CHECK(sched_getaffinity(0, sizeof mask, &mask) == 0);
    printf("%d\n", CPU_COUNT(&mask));
    CPU_ZERO(&one);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &mask)) {
            CPU_SET(cpu, &one);
            break;
        }
    CHECK(sched_setaffinity(0, sizeof one, &one) == 0);
    CHECK(sched_getaffinity(0, sizeof mask, &mask) == 0);
    CHECK(CPU_EQUAL(&mask, &one));
    return 0;
}
