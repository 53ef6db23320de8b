package io.dimstore.dynamodb;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.dimstore.tck.StoreArchitecture;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

class ArchitectureTest {

  @Test
  void onlyTheFactoryIsPublic() {
    StoreArchitecture.onlyFactoryIsPublic("io.dimstore.dynamodb");
  }

  @Test
  void theClientIsUsedWhereRequestsAreCountedAndNowhereElse() {
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
