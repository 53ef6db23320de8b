// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.dimstore.tck.architecture.PackageLayers;
import io.dimstore.tck.architecture.StoreArchitecture;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

class ArchitectureTest {

  @Test
  void onlyTheFactoryIsPublicOutsideOfInternalPackages() {
    StoreArchitecture.onlyFactoryIsPublic("io.dimstore.dynamodb");
  }

  @Test
  void packagesUseOnlyTheLayersBelow() {
    PackageLayers.check(
        "io.dimstore.dynamodb",
        ".",
        "internal",
        "internal.read internal.write internal.stream internal.control",
        "internal.table",
        "internal.client",
        "internal.capacity",
        "internal.encoding",
        "internal.options");
  }

  @Test
  void theClientIsUsedOnlyWhereRequestsAreCounted() {
    noClasses()
        .that()
        .doNotHaveSimpleName("Requests")
        .and()
        .doNotHaveSimpleName("TableAdmin")
        .and()
        .doNotHaveSimpleName("Connection")
        .and()
        .doNotHaveSimpleName("DynamoDbStore")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(DynamoDbAsyncClient.class)
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.dimstore.dynamodb"));
  }
}
