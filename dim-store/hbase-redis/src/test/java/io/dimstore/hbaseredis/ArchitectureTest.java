package io.dimstore.hbaseredis;

import io.dimstore.tck.StoreArchitecture;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void onlyTheFactoryIsPublic() {
    StoreArchitecture.onlyFactoryIsPublic("io.dimstore.hbaseredis");
  }
}
