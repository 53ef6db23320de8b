package io.dimstore.dynamodb;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.dimstore.spi.DimensionStoreFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

@AnalyzeClasses(
    packages = "io.dimstore.dynamodb",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule onlyTheFactoryIsPublic =
      classes()
          .that()
          .doNotImplement(DimensionStoreFactory.class)
          .and()
          .areTopLevelClasses()
          .should()
          .notBePublic();

  @ArchTest
  static final ArchRule requestsAreSentInOnePlaceForDataAndOneForTables =
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
          .belongToAnyOf(DynamoDbAsyncClient.class);
}
