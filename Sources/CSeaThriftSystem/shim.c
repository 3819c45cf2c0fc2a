#include "CSeaThriftSystem.h"
